package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"example.org/feedcheck/internal/feed"
)

var port int

var checkCmd = &cobra.Command{
	Use:   "check URL...",
	Short: "Check feeds",
	Args:  cobra.MinimumNArgs(1),
	RunE: func(cmd *cobra.Command, urls []string) error {
		for _, url := range urls {
			age, err := feed.Age(cmd.Context(), url, port, timeout)
			if err != nil {
				return fmt.Errorf("%s: %w", url, err)
			}
			cmd.Println(url, age)
		}
		return nil
	},
}

func init() {
	// The port of the feed's own server, not one that this command would listen on.
	checkCmd.Flags().IntVar(&port, "port", 8443, "port of the server to ask")
}
