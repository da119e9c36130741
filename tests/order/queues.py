import asyncio

tasks = {}


async def p(task, q):
    for i in range(4):
        await q.put(f"{task} {i}")
        print(task, "put", i)


async def late(q):
    try:
        await q.put("late")
        print("never")
    finally:
        print("late finally")


async def g(task, q):
    for _ in range(4):
        v = await q.get()
        print(task, "got", v)
        await asyncio.sleep(0)


async def waits(u):
    try:
        await u.get()
        print("never")
    finally:
        print("waits finally")


async def next_(u):
    v = await u.get()
    print("next got", v)
    await u.get()
    print("next got one more")


async def x(u):
    tasks["late"].cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await u.put("one")
    tasks["waits"].cancel()
    await u.put("two {}")
    print("x put")
    for i in range(6):
        print("x", i)
        await asyncio.sleep(0)


async def main():
    q = asyncio.Queue(2)
    u = asyncio.Queue()
    bodies = {f"p-{i}": p(f"p-{i}", q) for i in range(2)}
    bodies["late"] = late(q)
    bodies.update({f"g-{i}": g(f"g-{i}", q) for i in range(2)})
    bodies.update(waits=waits(u), next=next_(u), x=x(u))
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
