// Package feed asks a server how old its feed is.
package feed

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Age is the time since a feed last changed.
func Age(ctx context.Context, host string, port int, timeout time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, fmt.Sprintf("https://%s:%d/feed.xml", host, port), nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	changed, err := http.ParseTime(response.Header.Get("Last-Modified"))
	if err != nil {
		return 0, err
	}
	return time.Since(changed), nil
}
