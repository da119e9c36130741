import asyncio

tasks = {}


def write(f, text):
    f.write(text)
    f.flush()


async def w():
    f = open("a.txt", "w")
    try:
        await asyncio.to_thread(write, f, "one ")
        print("never")
    finally:
        print("w finally")
        await asyncio.to_thread(write, f, "two ")
        write(f, "three")
        await asyncio.to_thread(f.close)
        print("w leaves")
    print("never")


async def o():
    try:
        await asyncio.to_thread(open, "b.txt", "w")
    finally:
        print("o finally")


async def self_():
    f = open("c.txt", "w")
    tasks["self"].cancel()
    await asyncio.to_thread(write, f, "left alone")
    print("never")


async def x():
    tasks["w"].cancel()
    tasks["o"].cancel()
    print("x")
    await asyncio.sleep(0.060)
    print("x ends")


async def main():
    for name, body in {"w": w(), "o": o(), "self": self_(), "x": x()}.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
