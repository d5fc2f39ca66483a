from granian import Granian

from seeds.settings import settings

if __name__ == "__main__":
    Granian("seeds.asgi:create_app", address="0.0.0.0", port=settings.port, interface="asgi", factory=True).serve()
