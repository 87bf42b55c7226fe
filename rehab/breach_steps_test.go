package rehab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"guitu/rehab"
)

func signed(step rehab.Kind) rehab.IssueMeasure {
	return rehab.IssueMeasure{Step: step, Signature: rehab.Signed}
}

func TestTheBreachLadderIsClimbedStepByStep(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	require.Equal(t, "2026-03-13", l.duty("education-1").Due.String(), "3 working days")
	l.gone("letter_of_advice-1")
	l.do(signed(rehab.EducationDuty))
	l.gone("education-1")
	require.Equal(t, rehab.Open, l.duty("letter_of_advice-1").Status, "the first refusal brings both")
	l.do(rehab.IssueMeasure{Step: rehab.LetterOfAdvice, Signature: rehab.SignatureRefused})
	l.gone("warning_letter-1")
	l.to("2026-04-15")
	l.breach(rehab.TestRefused)
	l.do(signed(rehab.WarningLetter))
	l.gone("certificate-1")
	l.to("2026-05-15")
	l.breach(rehab.TestRefused)
	require.Equal(t, rehab.Open, l.duty("certificate-1").Status)
	require.Equal(t, rehab.TestEvasion, l.duty("police_report-1").Ground, "the report does not wait for the certificate")
	require.Equal(t, "step", l.refuses(signed(rehab.ViolationDocument)).Field, "not by a worker")
	l.by(station).do(signed(rehab.ViolationDocument))
	l.gone("certificate-1")
	require.Equal(t, 4, l.c.BreachLevel)
}

func TestAStepIsNotLeftOutWithoutAReason(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	require.Equal(t, "skip", l.refuses(signed(rehab.WarningLetter)).Field)
	b := signed(rehab.WarningLetter)
	b.Skip = rehab.SkipRepeated
	e := only[rehab.MeasureIssued](t, l.do(b))
	require.Equal(t, []rehab.Kind{rehab.EducationDuty, rehab.LetterOfAdvice}, e.Skipped)
	l.gone("education-1")
	b = signed(rehab.EducationDuty)
	b.Skip = rehab.SkipOther
	require.Equal(t, "skip", l.refuses(b).Field, "nothing is left out")
	l.do(signed(rehab.EducationDuty))
}

func TestAStepThatIsNotIssuedClimbsAndIsWaivedByAPerson(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-03-25")
	l.do(rehab.ConfirmMiss{Obligation: id("contact-1")})
	l.to("2026-04-01")
	l.climb(rehab.EducationDuty)
	require.Equal(t, rehab.NotFound, l.refuses(rehab.WaiveMeasure{Step: rehab.WarningLetter}).Code)
	l.do(rehab.WaiveMeasure{Step: rehab.EducationDuty})
	l.quiet(rehab.EducationDuty)
	l.gone("letter_of_advice-1")
	l.to("2026-04-10")
	l.do(rehab.ConfirmMiss{Obligation: id("contact-2")})
	require.Equal(t, rehab.Open, l.duty("letter_of_advice-1").Status, "the waiver was the reason to leave education out")
	l.do(signed(rehab.LetterOfAdvice))
}

func TestDRR20NoCertificateWithoutASeriousViolation(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	b := signed(rehab.ViolationDocument)
	b.Skip = rehab.SkipSerious
	require.Equal(t, "step DRR art.20", l.refuses(b).Field+" "+l.refuses(b).Citation)
	l.to("2026-07-10")
	for _, o := range []string{"contact-1", "contact-2", "contact-3", "contact-4", "contact-5", "contact-6"} {
		l.do(rehab.ConfirmMiss{Obligation: id(o)})
	}
	for _, s := range []rehab.Kind{rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter} {
		l.do(signed(s))
	}
	l.gone("certificate-1")
	require.Equal(t, "step", l.refuses(signed(rehab.ViolationDocument)).Field, "declining to meet never leads there")
}

func TestDRR20LateEvidenceTakesTheProposedStepBack(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2026-04-15")
	l.do(rehab.ConfirmMiss{Obligation: id("test-1"), Evasion: true})
	l.duty("education-1")
	l.on("2026-04-01", urine(rehab.Negative))
	l.gone("education-1")
	l.breach(rehab.TestRefused)
	l.duty("education-1")
}

func TestDRR20ASeriousViolationIsNotWaived(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10").by(station)
	for range 3 {
		l.breach(rehab.TestRefused)
	}
	for _, s := range []rehab.Kind{rehab.EducationDuty, rehab.LetterOfAdvice, rehab.WarningLetter} {
		l.do(rehab.WaiveMeasure{Step: s})
	}
	require.Equal(t, "DRR art.20", l.refuses(rehab.WaiveMeasure{Step: rehab.ViolationDocument}).Citation)
}

func TestDRR24InCustodyNoLetterIsHandedOver(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.breach(rehab.TestRefused)
	l.by(station).do(rehab.Suspend{Ground: rehab.Detention})
	require.Equal(t, "DRR art.24", l.refuses(signed(rehab.EducationDuty)).Citation)
	l.to("2026-05-10")
	l.quiet(rehab.EducationDuty)
	l.do(rehab.Resume{})
	require.Equal(t, "2026-05-13", l.duty("education-1").Due.String(), "moved by the days in custody")
}

func TestDRR23TheEndOfTheTermEndsTheLadder(t *testing.T) {
	t.Parallel()
	l := executing(t, "2026-03-10")
	l.to("2029-03-09")
	l.breach(rehab.TestRefused)
	l.duty("education-1")
	l.to("2029-03-11")
	l.gone("education-1")
	l.quiet(rehab.EducationDuty)
	require.Equal(t, rehab.Refused, l.refuses(signed(rehab.EducationDuty)).Code)
}
