package e2e_test

import "syscall"

// dieWithTest ends a child when the test process dies, a timeout included.
func dieWithTest() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
