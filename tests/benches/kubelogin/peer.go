// Package peer names the program that cargo xtask bench builds to measure against.
package peer

import _ "github.com/int128/kubelogin"
