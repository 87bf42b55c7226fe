package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func TestErrorsOfTheCommandLineFollowTheEnvironment(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("make a token: %w", &rehab.Error{Code: rehab.Invalid, Field: "organisation", Message: "only a partner has one"})
	for _, environ := range [][]string{nil, {"LANG=C.UTF-8"}, {"LANG=zh_CN.UTF-8", "LC_ALL=en_GB.UTF-8"}} {
		require.Equal(t, err.Error(), (&program{environ: environ}).said(err))
	}
	require.Equal(t, "make a token: organisation仅培训协作单位填写", (&program{environ: []string{"LANG=zh_CN.UTF-8"}}).said(err))
}
