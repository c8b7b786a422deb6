// A driver of driver protocol 1 (docs/driver-protocol.md) in plain Go, with what it drives: a tiny client of Anam's API, which
// starts an avatar by one call. What it cannot do (rooms, speech, variables) it calls unsupported, and claims nothing of it.
package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

const identity = "anam-avatar-agent"

type object = map[string]any

// request is one line of the harness: the fields of all commands.
type request struct {
	ID                 int
	Cmd, Session, Room string
	Protocol           []int
	Connect, Job       bool
	Options            object
	Env                map[string]*string
	Livekit, Vendor    map[string]string
}

func main() {
	greeted, sessions := false, map[string]request{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() { // the end of stdin is the end of the driver
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			log.Fatal(err) // on stderr
		}
		session, open := sessions[r.Session]
		switch {
		case r.Cmd == "hello" && (greeted || !slices.Contains(r.Protocol, 1)):
			answer(r.ID, fail("driver", "hello comes once, and asks for protocol 1", "Refused"))
		case r.Cmd == "hello":
			greeted = true
			answer(r.ID, object{"ok": object{"protocol": 1, "driver": object{"name": "driver-go", "language": "Go"},
				"implementation": object{"name": "anam-go", "version": "0.1.0"}, "capabilities": []string{"call.one"}}})
		case r.Cmd == "ping" || r.Cmd == "shutdown":
			answer(r.ID, object{"ok": object{}})
			if r.Cmd == "shutdown" {
				return
			}
		case r.Cmd == "open" && (r.Connect || !r.Job):
			answer(r.ID, object{"unsupported": "no room that is joined, and no session outside of a job"})
		case r.Cmd == "open":
			sessions[r.Session] = r
			answer(r.ID, object{"ok": object{"identity": "agent-" + r.Session}})
		case r.Cmd != "start" && r.Cmd != "close" || len(r.Env) > 0:
			answer(r.ID, object{"unsupported": "no " + r.Cmd + ", or none with variables of its own"})
		case !open:
			answer(r.ID, fail("driver", "no open session "+r.Session, "Refused"))
		case r.Cmd == "close":
			delete(sessions, r.Session)
			answer(r.ID, object{"ok": object{"closed_ms": 0}})
		default:
			go func() { answer(r.ID, start(session, r.Options)) }() // beside this loop, which answers a ping meanwhile
		}
	}
}

// answer writes the one reply to a request, in one write of one line.
func answer(id int, reply object) {
	reply["id"] = id
	json.NewEncoder(os.Stdout).Encode(reply)
}

// fail is the reply that says what was raised; only the kind "driver" is the driver's own fault.
func fail(kind, message string, bases ...string) object {
	return object{"error": object{"kind": kind, "class": bases[0], "message": message, "bases": bases}}
}

// start asks the vendor for an avatar that speaks for the agent of a session, up to three times.
func start(s request, options object) object {
	if s.Vendor["api_key"] == "" {
		return fail("configuration", "there is no API key", "ConfigurationError")
	}
	body, _ := json.Marshal(object{
		"personaConfig": object{"type": "ephemeral", "name": options["name"], "avatarId": options["avatar_id"],
			"llmId": "CUSTOMER_CLIENT_V1"},
		"environment": object{"livekitUrl": s.Livekit["url"], "livekitToken": token(s)},
	})
	reply, again := post(s, body)
	for left := 2; again && left > 0; left-- {
		time.Sleep(50 * time.Millisecond)
		reply, again = post(s, body)
	}
	return reply
}

// post asks once, and says whether a failure may pass.
func post(s request, body []byte) (reply object, again bool) {
	call, _ := http.NewRequest("POST", strings.TrimRight(s.Vendor["base_url"], "/")+"/v1/engine/session", bytes.NewReader(body))
	call.Header = http.Header{"Authorization": {"Bearer " + s.Vendor["api_key"]}, "Content-Type": {"application/json"}}
	answered, err := (&http.Client{Timeout: 10 * time.Second}).Do(call)
	var text []byte
	if err == nil {
		text, err = io.ReadAll(answered.Body)
		answered.Body.Close()
	}
	if os.IsTimeout(err) {
		return fail("vendor_timeout", err.Error(), "APITimeoutError", "APIConnectionError", "APIError"), true
	} else if err != nil {
		return fail("vendor_connection", err.Error(), "APIConnectionError", "APIError"), true
	}
	if status := answered.StatusCode; status >= 300 {
		again = status >= 500 || status == 408 || status == 499 || status == 429 && !bytes.Contains(text, []byte(" reached"))
		return object{"error": object{"kind": "vendor_status", "class": "APIStatusError", "message": "the vendor answered " + answered.Status,
			"bases": []string{"APIStatusError", "APIError"}, "status": status, "body": string(text), "retryable": again}}, again
	}
	var told object
	if !strings.HasPrefix(answered.Header.Get("Content-Type"), "application/json") {
		return fail("vendor_connection", "the vendor answered no JSON", "APIConnectionError", "APIError"), true
	} else if json.Unmarshal(text, &told) != nil || told == nil {
		return fail("vendor_protocol", "the vendor answered no JSON object", "APIError"), false
	}
	return object{"ok": object{"avatar_identity": identity, "vendor_session": told["sessionId"]}}, false
}

// token returns what lets the avatar into the room, for an hour: a JWT, signed by HMAC-SHA256.
func token(s request) string {
	now := time.Now().Unix()
	encode := func(part any) string {
		text, _ := json.Marshal(part)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := encode(object{"alg": "HS256", "typ": "JWT"}) + "." + encode(object{
		"iss": s.Livekit["api_key"], "sub": identity, "name": identity, "kind": "agent", "nbf": now, "exp": now + 3600,
		"video":      object{"roomJoin": true, "room": s.Room, "canPublish": true, "canSubscribe": true, "canPublishData": true},
		"attributes": object{"lk.publish_on_behalf": "agent-" + s.Session},
	})
	sum := hmac.New(sha256.New, []byte(s.Livekit["api_secret"]))
	sum.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
