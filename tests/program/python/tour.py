import asyncio

async def child(n):
    await asyncio.sleep(0.01 * n)
    print("child", n)
    return n

async def locker(lock, q):
    async with lock:
        await asyncio.sleep(0.005)
        await q.put(1)

def blocking():
    import time
    time.sleep(0.02)
    return 5

async def server_client():
    async def handle(reader, writer):
        data = await reader.readline()
        writer.write(data.upper())
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    r, w = await asyncio.open_connection("127.0.0.1", port)
    w.write(b"hello\n")
    print(await r.readline())
    w.close()
    await w.wait_closed()
    server.close()
    await server.wait_closed()

async def main():
    lock = asyncio.Lock()
    q = asyncio.Queue()
    print(await asyncio.gather(child(1), child(2), child(0)))
    async with asyncio.TaskGroup() as tg:
        tg.create_task(locker(lock, q))
        tg.create_task(locker(lock, q), name="second")
    await q.get()
    print(await asyncio.to_thread(blocking))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(1)
    except TimeoutError:
        print("timeout")
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(child(100))
            tg.create_task(fail())
    except* ValueError as e:
        print("group", e.exceptions)
    t = asyncio.create_task(child(50))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("cancelled")
    await server_client()
    asyncio.create_task(child(3000))
    await asyncio.sleep(0)

async def fail():
    raise ValueError("x")

asyncio.run(main())
