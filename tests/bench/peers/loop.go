// Go: goroutines on one thread, its timers. usage: loop WORK NUMBERS...  (bench_peer.h says what)
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const live = 3 * time.Second

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func cpu() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

func resume(tasks, yields int) {
	var all sync.WaitGroup
	all.Add(tasks)
	start := make(chan struct{})
	for i := 0; i < tasks; i++ {
		go func() {
			<-start
			for i := 0; i < yields; i++ {
				runtime.Gosched()
			}
			all.Done()
		}()
	}
	runtime.Gosched()
	begun := cpu()
	close(start)
	all.Wait()
	fmt.Printf("%.1f\n", float64(cpu()-begun)/float64(tasks*(yields+1)))
}

func sleepers(tasks int) {
	var all sync.WaitGroup
	all.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			time.Sleep(live)
			all.Done()
		}()
	}
	all.Wait()
}

func timers(count int) {
	var all sync.WaitGroup
	all.Add(count)
	for i := 0; i < count; i++ {
		time.AfterFunc(time.Duration(i*7919%1000+1)*time.Millisecond, all.Done)
	}
	all.Wait()
}

func main() {
	runtime.GOMAXPROCS(1)
	switch os.Args[1] {
	case "resume":
		resume(number(2), number(3))
	case "live":
		sleepers(number(2))
	case "timers":
		timers(number(2))
	default:
		os.Exit(2)
	}
}
