"""Programs that run an implementation on command, and the harness's end of the conversation with them."""
