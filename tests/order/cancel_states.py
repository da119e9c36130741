import asyncio

tasks = {}


async def nap(task):
    try:
        print(task, "sleeps")
        await asyncio.sleep(0.050)
        print("never")
    except Exception:
        print("never")
    finally:
        print(task, "finally")
        await asyncio.sleep(0)
        print(task, "leaves")
    print("never")


async def turns(task):
    try:
        for i in range(9):
            print(task, i)
            await asyncio.sleep(0)
    finally:
        print(task, "finally")


async def quick():
    print("quick")


async def boss():
    unborn = asyncio.create_task(nap("unborn"))
    unborn.cancel()
    print("unborn is cancelled")
    sleeper = asyncio.create_task(nap("sleeper"))
    turner = asyncio.create_task(turns("turner"))
    done = asyncio.create_task(quick())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    sleeper.cancel()
    print("sleeper is cancelled")
    sleeper.cancel()
    turner.cancel()
    print("turner is cancelled")
    done.cancel()
    await asyncio.sleep(0)
    print("boss 1")
    await asyncio.sleep(0)
    print("boss 2")
    await done
    print("done is done")


async def self_():
    try:
        tasks["self"].cancel()
        print("self goes on")
        await asyncio.sleep(1)
        print("never")
    finally:
        print("self finally")
        await asyncio.sleep(0)
        print("self leaves")


async def last():
    print("last")
    tasks["last"].cancel()


async def yield_():
    tasks["yield"].cancel()
    try:
        await asyncio.sleep(0)
    finally:
        print("yield finally")


async def w():
    try:
        await tasks["last"]
    finally:
        print("w finally")


async def w2():
    await asyncio.sleep(0)
    try:
        await tasks["last"]
    finally:
        print("w2 finally")


async def count():
    for i in range(9):
        print("turn", i)
        await asyncio.sleep(0)


async def main():
    bodies = {"boss": boss(), "self": self_(), "last": last(), "yield": yield_(), "w": w(), "w2": w2(), "count": count()}
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
