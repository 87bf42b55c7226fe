package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is the server that takes the mail.
type SMTP struct {
	Host     string // empty: no mail
	Port     int
	User     string // empty: no login
	Password string
	From     string
	TLS      string // "starttls", "tls" from the first byte, or "none" inside a closed network
}

// mail hands the message to the server. Its id stays the same at every try, so that a
// mailbox can drop what comes twice.
func (s *Sender) mail(ctx context.Context, o Outgoing) string {
	message := gomail.NewMsg()
	if message.From(s.Mail.From) != nil || message.To(o.Sealed.Target) != nil {
		return "unreadable"
	}
	message.Subject(subject(o.Language))
	message.SetMessageIDWithValue(o.ID + s.Mail.From[strings.LastIndexByte(s.Mail.From, '@'):])
	message.SetDateWithValue(s.Now())
	message.SetBodyString(gomail.TypeTextPlain, text(o, s.Origin))

	options := []gomail.Option{gomail.WithPort(s.Mail.Port), gomail.WithTimeout(sendTimeout)}
	switch s.Mail.TLS {
	case "tls":
		options = append(options, gomail.WithSSL())
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.Mail.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.Mail.User), gomail.WithPassword(s.Mail.Password))
	}
	client, err := gomail.NewClient(s.Mail.Host, options...)
	if err != nil {
		return "unreadable"
	}
	if err := client.DialAndSendWithContext(ctx, message); err != nil {
		var refused *gomail.SendError
		if errors.As(err, &refused) && refused.ErrorCode() > 0 {
			return fmt.Sprintf("smtp_%d", refused.ErrorCode())
		}
		return faultCode(err)
	}
	return ""
}
