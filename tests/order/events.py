import asyncio

tasks = {}


async def w(task, e, f):
    await e.wait()
    print(task, "sees e")
    await e.wait()
    print(task, "again")
    await f.wait()
    print(task, "sees f")


async def c(e):
    try:
        await e.wait()
        print("never")
    finally:
        print("c finally")


async def set_(e, f):
    await asyncio.sleep(0)
    tasks["c"].cancel()
    e.set()
    print("e is set")
    e.clear()
    await f.wait()
    print("set sees f")


async def x(e, f):
    for i in range(3):
        print("x", i)
        await asyncio.sleep(0)
    e.set()
    e.set()
    print("e again")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    f.set()
    for i in range(4):
        print("x", i)
        await asyncio.sleep(0)


async def main():
    e = asyncio.Event()
    f = asyncio.Event()
    bodies = {f"w-{i}": w(f"w-{i}", e, f) for i in range(3)}
    bodies.update(c=c(e), set=set_(e, f), x=x(e, f))
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
