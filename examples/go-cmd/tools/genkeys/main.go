// Command genkeys prints a key for tests. It is run by hand.
package main

import (
	"crypto/rand"
	"fmt"
)

func main() { fmt.Println(rand.Text()) }
