import asyncio

tasks = {}


async def bad():
    print("bad")
    await asyncio.sleep(0)
    try:
        raise RuntimeError("broken")
    finally:
        print("bad leaves")


async def a():
    t = asyncio.create_task(bad())
    try:
        await t
    except Exception as error:
        print(f"a: {error}")
    try:
        await t
    except Exception as error:
        print(f"again: {error}")
    print("a ends")


async def b():
    for i in range(4):
        print("b", i)
        await asyncio.sleep(0)


async def c():
    try:
        await tasks["d"]
    except Exception as error:
        print(f"c: {error}")
    finally:
        print("c finally")


async def d():
    await asyncio.sleep(0)
    try:
        print("d tries")
    finally:
        print("d finally")
        raise RuntimeError("in the end")


async def main():
    for name, body in {"a": a(), "b": b(), "c": c(), "d": d()}.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
