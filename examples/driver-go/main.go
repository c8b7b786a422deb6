// A driver of driver protocol 1 (docs/driver-protocol.md) in plain Go. A start runs beside the loop that reads, so that a ping
// is answered meanwhile; what the driver cannot do (rooms, speech) it calls unsupported, and claims nothing of it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"sync"
)

type object = map[string]any

type session struct {
	Session, Room string
	Connect, Job  *bool
	Livekit       struct {
		URL    string
		Key    string `json:"api_key"`
		Secret string `json:"api_secret"`
	}
	Vendor struct {
		URL string `json:"base_url"`
		Key string `json:"api_key"`
	}
}

type request struct {
	ID       int
	Cmd      string
	Protocol []int
	Options  object
	Env      map[string]*string
	session
}

// failed is the `error` of a reply; only one of the kind "driver" is the driver's own fault.
type failed object

func (f failed) Error() string { return f["message"].(string) }

func fail(kind, message string, bases ...string) failed {
	return failed{"kind": kind, "class": bases[0], "message": message, "bases": bases}
}

// unsupported is what the driver itself does not know.
type unsupported string

func (u unsupported) Error() string { return string(u) }

func main() {
	greeted, sessions := false, map[string]session{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() { // the end of stdin is the end of the driver
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			os.Stderr.WriteString("not a request: " + err.Error() + "\n")
			continue
		}
		s, open := sessions[r.Session]
		switch {
		case r.Cmd == "hello" && (greeted || !slices.Contains(r.Protocol, 1)):
			answer(r.ID, nil, fail("driver", "hello comes once, and asks for protocol 1", "Refused"))
		case r.Cmd == "hello":
			greeted = true
			answer(r.ID, object{"protocol": 1, "driver": object{"name": "driver-go", "language": "Go"},
				"implementation": object{"name": "anam-go", "version": "0.1.0"}, "capabilities": []string{"call.one"}}, nil)
		case r.Cmd == "ping":
			answer(r.ID, object{}, nil)
		case r.Cmd == "shutdown":
			answer(r.ID, object{}, nil)
			return
		case r.Cmd == "open" && (r.Connect == nil || *r.Connect || r.Job != nil && !*r.Job):
			answer(r.ID, nil, unsupported("no room that is joined, and no session outside of a job"))
		case r.Cmd == "open":
			sessions[r.Session] = r.session
			answer(r.ID, object{"identity": "agent-" + r.Session}, nil)
		case r.Cmd != "start" && r.Cmd != "close":
			answer(r.ID, nil, unsupported("no command "+r.Cmd))
		case !open:
			answer(r.ID, nil, fail("driver", "no open session "+r.Session, "Refused"))
		case r.Cmd == "close":
			delete(sessions, r.Session)
			answer(r.ID, object{"closed_ms": 0}, nil)
		default:
			go func() {
				id, err := start(s, r)
				answer(r.ID, object{"avatar_identity": identity, "vendor_session": id}, err)
			}()
		}
	}
}

var writing sync.Mutex

// answer writes the one reply to a request.
func answer(id int, ok object, err error) {
	reply, raised, unknown := object{"id": id}, failed(nil), unsupported("")
	switch {
	case errors.As(err, &unknown):
		reply["unsupported"] = unknown
	case errors.As(err, &raised):
		reply["error"] = raised
	default:
		reply["ok"] = ok
	}
	writing.Lock()
	defer writing.Unlock()
	json.NewEncoder(os.Stdout).Encode(reply)
}
