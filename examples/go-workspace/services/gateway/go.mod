module example.org/shop/gateway

go 1.25.3

require example.org/shop/platform v0.0.0

replace example.org/shop/platform => ../../libs/platform
