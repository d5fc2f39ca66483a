package settings

import "testing"

func TestDefault(t *testing.T) {
	if got := String("NOBODY_SETS_THIS", "x"); got != "x" {
		t.Fatal(got)
	}
}
