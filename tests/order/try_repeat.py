import asyncio


async def fail():
    for i in range(3):
        print("round", i)
        await asyncio.sleep(0)
        for _ in range(2):
            open("none.txt")


async def nest():
    try:
        await fail()
    finally:
        print("nest finally")


async def a():
    for i in range(3):
        try:
            print("try", i)
            await nest()
        except Exception as error:
            print(f"{i}: {error}")
            for k in range(2):
                try:
                    raise RuntimeError(f"{k} of {error}")
                except Exception as inner:
                    print(f"inner {inner}")
        finally:
            print("end", i)
    print("a done")


asyncio.run(a())
