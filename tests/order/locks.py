import asyncio

tasks = {}


async def hold(task, m):
    async with m:
        print(task, "has m")
        await asyncio.sleep(0)
        print(task, "leaves m")
    print(task, "out")
    async with m:
        print(task, "again")


async def place(task, s):
    try:
        async with s:
            print(task, "in s")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            print(task, "leaves s")
    finally:
        print(task, "s finally")


async def b(m):
    try:
        await m.acquire()
        print("b has m")
        m.release()
    finally:
        print("b finally")


async def c(m):
    await m.acquire()
    print("c has m")
    try:
        m.release()
        m.release()
    except Exception as error:
        print(f"c: {error}")


async def r(m, s):
    try:
        async with m:
            raise RuntimeError("in m")
    except Exception as error:
        print(f"r: {error}")
    s.release()
    print("s has one more")


async def x():
    await asyncio.sleep(0)
    tasks["b"].cancel()
    tasks["p3"].cancel()
    for _ in range(2):
        await asyncio.sleep(0)
    tasks["p4"].cancel()
    for i in range(12):
        print("x", i)
        await asyncio.sleep(0)


async def main():
    m = asyncio.Lock()
    s = asyncio.Semaphore(2)
    bodies = {f"a-{i}": hold(f"a-{i}", m) for i in range(3)}
    bodies.update(b=b(m), c=c(m))
    bodies.update({f"p{i}": place(f"p{i}", s) for i in range(1, 6)})
    bodies.update(r=r(m, s), x=x())
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
