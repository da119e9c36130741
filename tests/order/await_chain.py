import asyncio

tasks = {}


async def link(name, following):
    print(name)
    await tasks[following]
    print(name, "ends")


async def d():
    print("d")
    await asyncio.sleep(0)
    print("d ends")


async def ticker():
    for i in range(8):
        print("tick", i)
        await asyncio.sleep(0)


async def main():
    bodies = {"a": link("a", "b"), "b": link("b", "c"), "c": link("c", "d"), "d": d(), "ticker": ticker()}
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.wait(tasks.values())


asyncio.run(main())
