// A peer for cargo xtask bench; ships nowhere.
module rolecall.example/kubelogin

go 1.24.5

require github.com/int128/kubelogin v1.34.0
