package cmd

import (
	"os"
	"time"

	"github.com/spf13/cobra"
)

var timeout time.Duration

var rootCmd = &cobra.Command{
	Use:           "feedcheck",
	Short:         "Looks whether feeds are still fed",
	SilenceUsage:  true,
	SilenceErrors: false,
}

func init() {
	rootCmd.PersistentFlags().DurationVar(&timeout, "timeout", 8*time.Second, "time to wait for a feed")
	rootCmd.AddCommand(checkCmd)
}

// Execute runs the command that the arguments name.
func Execute() error {
	if os.Getenv("FEEDCHECK_COLOR") == "never" {
		cobra.EnableCommandSorting = false
	}
	return rootCmd.Execute()
}
