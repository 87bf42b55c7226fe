package notify_test

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"guitu/notify"
	"guitu/rehab"
)

// sink is a mail server that takes one message a connection, or refuses its recipient.
func sink(t *testing.T, refuse string) (*notify.Sender, <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	got := make(chan string, 4)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			converse(conn, refuse, got)
		}
	}()
	port := listener.Addr().(*net.TCPAddr).Port
	return notify.NewSender(nil, notify.SMTP{Host: "127.0.0.1", Port: port, From: "notice@example.cn", TLS: "none"}, func() time.Time { return now }), got
}

func converse(conn net.Conn, refuse string, got chan<- string) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewScanner(conn)
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 sink")
	for in.Scan() {
		verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " ")
		switch {
		case verb == "RCPT" && refuse != "":
			say(refuse)
		case verb == "DATA":
			say("354 go on")
			var text strings.Builder
			for in.Scan() && in.Text() != "." {
				text.WriteString(in.Text() + "\r\n")
			}
			got <- text.String()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestAMailSaysNothingOfWhyItCame(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"zh", "en"} {
		s, got := sink(t, "")
		s.Origin = "https://work.example.cn"
		o := outgoing(notify.ByMail, "head@station.example.cn", "")
		o.Language = language
		require.Empty(t, s.Send(t.Context(), o))
		m, err := mail.ReadMessage(strings.NewReader(<-got))
		require.NoError(t, err)
		require.Equal(t, "<s-1-77@example.cn>", m.Header.Get("Message-ID"), "the same at every try")
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		require.NoError(t, err)
		require.Contains(t, []string{"待办工作提醒", "A task is waiting for you"}, subject)
		body := decoded(t, m)
		require.Contains(t, body, "77")
		require.Contains(t, body, "2026-10-22")
		require.Contains(t, body, "https://work.example.cn/c/notices/77", "the page of the number")
		for _, word := range telling {
			require.NotContains(t, strings.ToLower(subject+body), word)
			for name, values := range m.Header {
				require.NotContains(t, strings.ToLower(strings.Join(values, " ")), word, name)
			}
		}
	}
}

func TestAMailThatIsRefusedIsNamedByTheCodeOfTheServer(t *testing.T) {
	t.Parallel()
	s, _ := sink(t, "550 head@station.example.cn is unknown")
	require.Equal(t, "smtp_550", s.Send(t.Context(), outgoing(notify.ByMail, "head@station.example.cn", "")))
	none := notify.NewSender(nil, notify.SMTP{}, time.Now)
	require.Equal(t, "not_allowed", none.Send(t.Context(), outgoing(notify.ByMail, "head@station.example.cn", "")))
	_, err := none.CheckTarget(notify.ByMail, "head@station.example.cn")
	require.Equal(t, rehab.Invalid, rehab.CodeOf(err))
}

func decoded(t *testing.T, m *mail.Message) string {
	t.Helper()
	require.Equal(t, "quoted-printable", m.Header.Get("Content-Transfer-Encoding"))
	raw, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	require.NoError(t, err)
	return string(raw)
}
