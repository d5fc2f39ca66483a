// Command feedcheck looks whether feeds are still fed.
package main

import (
	"os"

	"example.org/feedcheck/cmd"
)

func main() {
	if err := cmd.Execute(); err != nil {
		os.Exit(1)
	}
}
