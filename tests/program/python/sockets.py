import asyncio, socket, sys, threading, concurrent.futures

async def echo(sock, loop):
    while True:
        data = await loop.sock_recv(sock, 1000)
        if not data:
            break
        await loop.sock_sendall(sock, data)
    sock.close()

async def big(sock, loop):
    await loop.sock_sendall(sock, b"x" * 3_000_000)
    sock.close()

async def slow(sock, loop):
    n = 0
    while True:
        data = await loop.sock_recv(sock, 65536)
        if not data: break
        n += len(data)
    print("got", n)
    sock.close()

async def main():
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False); b.setblocking(False)
    t = asyncio.create_task(echo(b, loop))
    for i in range(3):
        await loop.sock_sendall(a, b"hello")
        print(await loop.sock_recv(a, 100))
    a.close()
    await t
    a, b = socket.socketpair()
    a.setblocking(False); b.setblocking(False)
    await asyncio.gather(big(a, loop), slow(b, loop))
    a, b = socket.socketpair()
    a.setblocking(False); b.setblocking(False)
    try:
        await asyncio.wait_for(loop.sock_recv(a, 10), 0.01)
    except TimeoutError:
        print("no data")
    a.close(); b.close()
    fut = loop.create_future()
    loop.call_later(0.005, fut.set_result, 7)
    print(await fut)
    sem = asyncio.Semaphore(1); ev = asyncio.Event(); cond = asyncio.Condition()
    waiting = 0
    async def w():
        nonlocal waiting
        await ev.wait()
        async with sem:
            await asyncio.sleep(0)
        async with cond:
            waiting += 1
            await cond.wait()
    ts = [asyncio.create_task(w()) for _ in range(3)]
    await asyncio.sleep(0.001)
    ev.set()
    while waiting < 3:  # however slow the machine is: who comes late is not notified
        await asyncio.sleep(0.001)
    async with cond:
        cond.notify_all()
    done, pending = await asyncio.wait(ts)
    print(len(done))
    f = loop.create_future()
    threading.Timer(0.01, lambda: loop.call_soon_threadsafe(f.set_result, "thread")).start()
    print(await f)
    gate = asyncio.Event()
    sh = asyncio.create_task(gate.wait())
    try:
        await asyncio.wait_for(asyncio.shield(sh), 0.005)
    except TimeoutError:
        print("shielded")
    gate.set()
    await sh
    proc = await asyncio.create_subprocess_exec("echo", "sub", stdout=asyncio.subprocess.PIPE)
    out, _ = await proc.communicate()
    print(out)
    async for x in agen():
        print(x)
    for c in asyncio.as_completed([asyncio.sleep(0.002, 2), asyncio.sleep(0.001, 1)]):
        print(await c)
    raise ValueError("end")

async def agen():
    for i in range(2):
        await asyncio.sleep(0)
        yield i
asyncio.run(main())
