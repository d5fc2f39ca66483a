import os

# bind = "0.0.0.0:8000"
bind = f"0.0.0.0:{os.environ.get('HTTP_PORT', '8077')}"
worker_class = "uvicorn.workers.UvicornWorker"
