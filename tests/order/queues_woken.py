import asyncio

tasks = {}
queues = {}


async def getter(name):
    try:
        print(name, "got", await queues[name[0]].get())
    finally:
        print(name, "leaves")


async def putter(name):
    try:
        await queues[name[0]].put(f"{name}'s")
        print(name, "put")
    finally:
        print(name, "leaves")


async def fills():
    for name in "efgh":
        await queues[name].put("old")


async def take(name):
    print("x took", await queues[name].get())


async def turns():
    for i in range(4):
        await asyncio.sleep(0)
        print("x", i)


async def put_more(name, *texts):
    print("two more")
    for text in texts:
        await queues[name].put(text)
    await turns()


async def take_more(name, times):
    for _ in range(times):
        print("one more")
        await take(name)
        await turns()


async def x():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("the first getter is cancelled when it was woken")
    await queues["a"].put("one")
    tasks["a1"].cancel()
    await turns()
    print("an item is taken before the getter that it woke")
    await queues["b"].put("one")
    await take("b")
    await queues["b"].put("two")
    await turns()
    await put_more("b", "three", "four")
    print("a getter is cancelled that was not woken")
    tasks["c2"].cancel()
    await queues["c"].put("one")
    await turns()
    await put_more("c", "two", "three")
    print("it was woken, and the item is taken before")
    await queues["d"].put("one")
    tasks["d1"].cancel()
    await take("d")
    await turns()
    await put_more("d", "two", "three")
    print("the first putter is cancelled when it was woken")
    await take("e")
    tasks["e1"].cancel()
    await turns()
    print("a place is taken before the putter that it woke")
    await take("f")
    await queues["f"].put("x's")
    await turns()
    await take_more("f", 4)
    print("a putter is cancelled that was not woken")
    tasks["g2"].cancel()
    await take("g")
    await turns()
    await take_more("g", 3)
    print("it was woken, and the place is taken before")
    await take("h")
    tasks["h1"].cancel()
    await queues["h"].put("x's")
    await turns()
    await take_more("h", 3)


async def main():
    queues.update({name: asyncio.Queue(1 if name in "efgh" else 0) for name in "abcdefgh"})
    bodies = {name: getter(name) for name in "a1 a2 b1 b2 b3 c1 c2 c3 c4 d1 d2 d3".split()}
    bodies["fills"] = fills()
    bodies.update({name: putter(name) for name in "e1 e2 f1 f2 f3 g1 g2 g3 g4 h1 h2 h3".split()})
    bodies["x"] = x()
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
