module example.org/shop/platform

go 1.24.0
