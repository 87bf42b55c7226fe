package signin

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"guitu/account"
	"guitu/rehab"
)

const (
	codeStep  = 30 // seconds (RFC 6238)
	codeSkew  = 1  // steps that a phone's clock may be off
	issuer    = "Guitu"
	codeClash = "the account has a second factor: the security administrator can reset it"
)

// BeginTOTP gives the account a secret, which holds once a code of it was shown.
func (d *Desk) BeginTOTP(ctx context.Context, s account.Session) (secret, uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: s.Account.ID, Period: codeStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", "", err
	}
	_, err = d.store.ChangeAccount(ctx, s.Account.ID, s.ID, func(a *account.Account) error {
		if a.TOTPConfirmed {
			return &rehab.Error{Code: rehab.Conflict, Message: codeClash}
		}
		a.TOTP = key.Secret()
		return nil
	})
	return key.Secret(), key.String(), err
}

// ConfirmTOTP enrols the secret with a code of it.
func (d *Desk) ConfirmTOTP(ctx context.Context, s account.Session, code string) error {
	now := d.now()
	if wait, err := d.store.TryBefore(ctx, s.Account.ID, s.Address, now); err != nil {
		return err
	} else if wait > 0 {
		return tooMany(wait)
	}
	step, ok := stepOf(s.Account.TOTP, code, now)
	if !ok {
		return d.refuse(ctx, s.Account, account.Attempt{Address: s.Address}, "wrong code at enrolment", rehab.InvalidField("code", "is not the code that the device shows now"))
	}
	if ok, err := d.store.UseCode(ctx, s.Account.ID, step); err != nil || !ok {
		if err == nil {
			err = rehab.InvalidField("code", "was used already: wait for the next one")
		}
		return err
	}
	if err := d.note(ctx, s.Account.Acting(), "second-factor-enrolled", s.Account.ID, "totp", s.Address); err != nil {
		return err
	}
	_, err := d.store.ChangeAccount(ctx, s.Account.ID, s.ID, func(a *account.Account) error {
		if a.TOTPConfirmed || a.TOTP != s.Account.TOTP {
			return &rehab.Error{Code: rehab.Conflict, Message: codeClash}
		}
		a.TOTPConfirmed = true
		return nil
	})
	if err != nil {
		return err
	}
	return d.store.Succeeded(ctx, s.Account.ID, s.Address, now)
}

// stepOf finds the step of time in which the code is right.
func stepOf(secret, code string, now time.Time) (int64, bool) {
	if secret == "" || len(code) != 6 {
		return 0, false
	}
	at := now.Unix() / codeStep
	for step := at - codeSkew; step <= at+codeSkew; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*codeStep, 0), totp.ValidateOpts{Period: codeStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}
