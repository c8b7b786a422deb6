package main

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// A tiny client of Anam's API, which the driver drives: one call that starts an avatar.
const (
	identity = "anam-avatar-agent"
	tries    = 3
	pause    = 50 * time.Millisecond
	timeout  = 10 * time.Second
)

// start asks the vendor for an avatar that speaks for the agent of a session, and returns the id that the vendor gave.
func start(s session, r request) (any, error) {
	given := map[string]string{"LIVEKIT_URL": s.Livekit.URL, "LIVEKIT_API_KEY": s.Livekit.Key, "LIVEKIT_API_SECRET": s.Livekit.Secret}
	variable := func(name string) string {
		if value, set := r.Env[name]; set {
			given[name] = ""
			if value != nil {
				given[name] = *value
			}
		}
		return cmp.Or(given[name], os.Getenv(name))
	}
	key := cmp.Or(s.Vendor.Key, variable("ANAM_API_KEY"))
	if key == "" {
		return nil, fail("configuration", "there is no API key: set ANAM_API_KEY", "ConfigurationError")
	}
	for _, name := range []string{"LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"} {
		if variable(name) == "" {
			return nil, fail("configuration", "LiveKit is not configured: set "+name, "ConfigurationError")
		}
	}
	body, _ := json.Marshal(object{
		"personaConfig": object{"type": "ephemeral", "name": r.Options["name"], "avatarId": r.Options["avatar_id"], "llmId": "CUSTOMER_CLIENT_V1"},
		"environment":   object{"livekitUrl": variable("LIVEKIT_URL"), "livekitToken": token(s, variable("LIVEKIT_API_KEY"), variable("LIVEKIT_API_SECRET"))},
	})
	base := cmp.Or(s.Vendor.URL, variable("ANAM_API_URL"), "https://api.anam.ai")
	return ask(strings.TrimRight(base, "/")+"/v1/engine/session", key, body, tries)
}

// ask posts until the vendor accepts, refuses for good, or has been asked often enough.
func ask(url, key string, body []byte, left int) (any, error) {
	id, err, again := post(url, key, body)
	if err == nil || !again || left == 1 {
		return id, err
	}
	time.Sleep(pause)
	return ask(url, key, body, left-1)
}

// post asks once, and says whether a failure may pass.
func post(url, key string, body []byte) (id any, err error, again bool) {
	call, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return nil, fail("invalid_options", err.Error(), "ValueError"), false
	}
	call.Header.Set("Authorization", "Bearer "+key)
	call.Header.Set("Content-Type", "application/json")
	reply, err := (&http.Client{Timeout: timeout}).Do(call)
	if err != nil {
		return nil, broken(err), true
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return nil, broken(err), true
	}
	if status := reply.StatusCode; status >= 300 {
		again = status >= 500 || status == 408 || status == 499 || status == 429 && !bytes.Contains(text, []byte(" reached"))
		raised := fail("vendor_status", "the vendor answered "+reply.Status, "APIStatusError", "APIError")
		raised["status"], raised["body"], raised["retryable"] = status, string(text[:min(len(text), 4096)]), again
		return nil, raised, again
	}
	if !strings.HasPrefix(reply.Header.Get("Content-Type"), "application/json") {
		return nil, fail("vendor_connection", "the vendor answered no JSON", "APIConnectionError", "APIError"), true
	}
	var answered object
	if err := json.Unmarshal(text, &answered); err != nil || answered == nil {
		return nil, fail("vendor_protocol", "the vendor answered no JSON object", "APIError"), false
	}
	return answered["sessionId"], nil, false
}

func broken(err error) failed {
	if waited, ok := err.(net.Error); ok && waited.Timeout() {
		return fail("vendor_timeout", err.Error(), "APITimeoutError", "APIConnectionError", "APIError")
	}
	return fail("vendor_connection", err.Error(), "APIConnectionError", "APIError")
}

// token returns what lets the avatar into the room, for an hour: a JWT, signed by HMAC-SHA256.
func token(s session, key, secret string) string {
	now := time.Now().Unix()
	encode := func(part any) string {
		text, _ := json.Marshal(part)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := encode(object{"alg": "HS256", "typ": "JWT"}) + "." + encode(object{
		"iss": key, "sub": identity, "name": identity, "kind": "agent", "nbf": now, "exp": now + 3600,
		"video":      object{"roomJoin": true, "room": s.Room, "canPublish": true, "canSubscribe": true, "canPublishData": true},
		"attributes": object{"lk.publish_on_behalf": "agent-" + s.Session},
	})
	sum := hmac.New(sha256.New, []byte(secret))
	sum.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
