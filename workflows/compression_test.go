package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"guitu/rehab"
	"guitu/rehab/policy"
	"guitu/suite"
)

func TestWhatTemporalKeepsIsSmallAndIsReadAgain(t *testing.T) {
	t.Parallel()
	c := testConverter(t)
	for _, what := range []any{opening(t), "short", strings.Repeat("长", 100_000), map[string]any{}, nil} {
		p, err := c.ToPayload(what)
		require.NoError(t, err)
		want, err := json.Marshal(what)
		require.NoError(t, err)
		var got json.RawMessage
		if what != nil {
			require.NoError(t, c.FromPayload(p, &got))
			require.JSONEq(t, string(want), string(got))
		}
		if len(want) > 1000 {
			require.Less(t, len(p.GetData()), len(want)/3, "%d bytes became %d", len(want), len(p.GetData()))
		}
	}
}

func TestADamagedPayloadIsAnError(t *testing.T) {
	t.Parallel()
	c := testConverter(t)
	p, err := c.ToPayload(opening(t))
	require.NoError(t, err)
	var got any
	for i := range p.GetData() {
		p.Data[i] ^= 1
		require.Error(t, c.FromPayload(p, &got))
		p.Data[i] ^= 1
	}
	p.Metadata[converter.MetadataEncoding] = []byte(encrypted)
	require.Error(t, c.FromPayload(p, &got), "what is deflated cannot be passed off as what is not")
}

// TestPayloadsOfEarlierReleasesAreRead also holds the dictionary: what was sealed with it
// lies in the histories of cases that are open for years.
func TestPayloadsOfEarlierReleasesAreRead(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte(dictionary))
	require.Equal(t, "008b2daf76bfdc94931216a191d8ca6c7eb626e38871dba9334946832b9f8fc5", hex.EncodeToString(sum[:]), "the dictionary has changed")

	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	require.NoError(t, err)
	primitive, err := aead.New(handle)
	require.NoError(t, err)
	want, err := converter.GetDefaultDataConverter().ToPayload(opening(t))
	require.NoError(t, err)
	plain, err := proto.Marshal(want)
	require.NoError(t, err)
	sealed, err := primitive.Encrypt(plain, []byte(encrypted)) // not deflated, as at first
	require.NoError(t, err)
	got, err := newCodec(primitive).Decode([]*commonpb.Payload{{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encrypted)}, Data: sealed}})
	require.NoError(t, err)
	require.True(t, proto.Equal(want, got[0]))
}

func testConverter(t *testing.T) converter.DataConverter {
	t.Helper()
	keyset, err := GenerateKeyset()
	require.NoError(t, err)
	c, err := NewConverters(keyset)
	require.NoError(t, err)
	return c.Data
}

// opening is what the ledger answers when a case under way is opened.
func opening(t *testing.T) rehab.RecordResult {
	t.Helper()
	set, err := policy.Load()
	require.NoError(t, err)
	ref, _ := set.Latest("beijing")
	day := rehab.NewDate(2026, 3, 2)
	at := day.Start().Add(10 * time.Hour)
	c := &rehab.Case{ID: "c-2q7zjk3rmh5xw4tqd6y3n8"}
	events, err := c.Decide(rehab.Command{ID: "open-" + c.ID, Actor: rehab.Actor{ID: "city-7", Role: rehab.CityOffice, Place: "11"}, OccurredAt: at, Body: rehab.OpenCase{
		Measure: rehab.Treatment, TermMonths: 36, DecidedOn: day - 60, ServedOn: day - 60, Method: rehab.ServedDirect, Place: "110105012", Worker: "w-21",
		Risk: rehab.High, Policy: ref, Carried: &rehab.Carried{ReportedOn: day - 50, AgreementOn: day - 48, Tests: 1, Contacts: 4},
	}}, rehab.Env{Now: at, Policy: set.Policy(ref), Calendar: set.Calendar()})
	require.NoError(t, err)
	return rehab.RecordResult{Outcome: rehab.Recorded, Seq: int64(len(events)), CommandSeq: int64(len(events)), Events: events}
}

func TestPayloadsUnderTheNationalSuite(t *testing.T) {
	t.Parallel()
	text, err := GenerateKeysetOf(suite.SM)
	require.NoError(t, err)
	c, err := NewConverters(text)
	require.NoError(t, err)
	for _, words := range []string{"short", strings.Repeat("the same words ", 100)} {
		p, err := c.Data.ToPayload(words)
		require.NoError(t, err)
		require.Equal(t, byte('S'), p.GetData()[0])
		require.NotContains(t, string(p.GetData()), "same")
		var back string
		require.NoError(t, c.Data.FromPayload(p, &back))
		require.Equal(t, words, back)
		p.Data[len(p.Data)-1] ^= 1
		require.ErrorIs(t, c.Data.FromPayload(p, &back), errPayload)
	}
}
