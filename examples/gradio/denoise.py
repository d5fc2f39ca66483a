"""A page that takes the noise out of a recording."""

import os
from pathlib import Path

import gradio as gr
import numpy as np

OUTPUT_DIR = Path(__file__).parent / "recordings"


def denoise(recording: tuple[int, np.ndarray], strength: float) -> tuple[int, np.ndarray]:
    rate, samples = recording
    quiet = np.abs(samples) < strength
    cleaned = np.where(quiet, 0, samples)
    OUTPUT_DIR.mkdir(exist_ok=True)
    np.save(OUTPUT_DIR / "last.npy", cleaned)
    return rate, cleaned


demo = gr.Interface(
    fn=denoise,
    inputs=[gr.Audio(), gr.Slider(0, 1000, value=int(os.environ.get("DENOISE_STRENGTH", "200")))],
    outputs=gr.Audio(),
)

if __name__ == "__main__":
    # demo.launch(server_port=9999)
    demo.launch(server_name="0.0.0.0", server_port=int(os.environ.get("GRADIO_SERVER_PORT", "7900")))
