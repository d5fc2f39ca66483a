module example.org/shop/billing

go 1.25.3

require (
	example.org/shop/platform v0.0.0
	github.com/nats-io/nats.go v1.46.1
)

require (
	github.com/klauspost/compress v1.18.0 // indirect
	github.com/nats-io/nkeys v0.4.11 // indirect
	github.com/nats-io/nuid v1.0.1 // indirect
	golang.org/x/crypto v0.37.0 // indirect
	golang.org/x/sys v0.32.0 // indirect
)

replace example.org/shop/platform => ../../libs/platform
