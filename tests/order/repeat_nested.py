import asyncio


async def a():
    print("copy 0")
    for i in range(3):
        print(f"outer {i}")
        for j in range(2):
            print(f"inner {j}")
            await asyncio.sleep(0)
        for _ in range(0):
            print("never")
        print(f"outer {i} ends")
    for _ in range(5):
        pass
    print("copy 0 ends")


async def b(number):
    for i in range(3):
        print(f"b-{number} {i}")
        await asyncio.sleep(0)
    print(f"b-{number} was copy {number}")


async def main():
    await asyncio.wait([asyncio.create_task(body) for body in (a(), b(0), b(1))])


asyncio.run(main())
