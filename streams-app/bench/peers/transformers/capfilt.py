#!/usr/bin/env python3
"""BLIP's captioner and filter as Hugging Face transformers run them: a peer to compare speeds with.

Reads what `blipstream bench model --keep DIR` measures with: DIR/captioner, DIR/filter
(checkpoints), DIR/images (PNG files). See README.md.
"""

import argparse
import json
import os
import pathlib
import statistics
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--stage", default="vision,caption,naive,reusing",
                        help="vision, caption, naive (caption, and the filter's forward for each"
                             " text), reusing (its image embedding once for both texts), filter"
                             " (embedding once, two texts, no caption)")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--tokens", type=int, default=12, help="of a caption, no more, no less")
    parser.add_argument("--text", default="", help="the web text of every image")
    parser.add_argument("--seconds", type=float, default=20, help="for a stage, warm-up apart")
    parser.add_argument("--repeats", type=int, default=3, help="at least")
    parser.add_argument("--answers", type=pathlib.Path,
                        help="what `blipstream caption --json` said of the images: compare, do not"
                             " measure")
    return parser.parse_args()


class CapFilt:
    """Both models, and what surrounds them in a program that uses them as their pages show."""

    def __init__(self, folder, tokens):
        import torch
        from transformers import (BertTokenizer, BlipForConditionalGeneration,
                                  BlipForImageTextRetrieval, BlipImageProcessorPil)

        self.torch = torch
        self.tokens = tokens
        self.captioner = BlipForConditionalGeneration.from_pretrained(folder / "captioner").eval()
        self.filter = BlipForImageTextRetrieval.from_pretrained(folder / "filter").eval()
        self.processor = BlipImageProcessorPil.from_pretrained(folder / "captioner")
        self.tokenizer = BertTokenizer.from_pretrained(folder / "captioner")

    def pixels(self, files):
        from PIL import Image

        images = [Image.open(file).convert("RGB") for file in files]
        return self.processor(images, return_tensors="pt")["pixel_values"]

    def ids(self, pixels):
        # One start token and so many after it.
        return self.captioner.generate(
            pixels, num_beams=1, do_sample=False,
            min_length=self.tokens + 1, max_length=self.tokens + 1)

    def captions(self, pixels):
        return self.tokenizer.batch_decode(self.ids(pixels), skip_special_tokens=True)

    def texts(self, texts):
        # BLIP was trained with 35 tokens, and its demos cut there.
        return self.tokenizer(
            texts, padding=True, truncation=True, max_length=35, return_tensors="pt")

    def match(self, pixels, texts):
        """ITM logits, the image encoded for this text alone."""
        tokens = self.texts(texts)
        return self.filter(tokens.input_ids, pixels, use_itm_head=True,
                           attention_mask=tokens.attention_mask).itm_score

    def embed(self, pixels):
        return self.filter.vision_model(pixel_values=pixels).last_hidden_state

    def match_embedded(self, embeds, texts):
        """ITM logits on image embeddings that are at hand."""
        tokens = self.texts(texts)
        hidden = self.filter.text_encoder(
            input_ids=tokens.input_ids, attention_mask=tokens.attention_mask,
            encoder_hidden_states=embeds,
            encoder_attention_mask=self.torch.ones(embeds.shape[:2], dtype=self.torch.long),
        ).last_hidden_state
        return self.filter.itm_head(hidden[:, 0])

    def stage(self, name, pixels, text):
        web = [text] * len(pixels)
        if name == "vision":
            return self.captioner.vision_model(pixel_values=pixels)
        if name == "caption":
            return self.captions(pixels)
        if name == "naive":
            captions = self.captions(pixels)
            return [self.match(pixels, web), self.match(pixels, captions)]
        if name == "reusing":
            captions = self.captions(pixels)
            embeds = self.embed(pixels)
            return [self.match_embedded(embeds, web), self.match_embedded(embeds, captions)]
        if name == "filter":
            embeds = self.embed(pixels)
            return [self.match_embedded(embeds, web), self.match_embedded(embeds, web)]
        raise SystemExit(f"There is no stage {name}.")


def measure(run, batch, seconds, repeats):
    run()
    walls = []
    cpu = time.process_time()
    start = time.perf_counter()
    while len(walls) < repeats or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        run()
        walls.append(time.perf_counter() - before)
    cpu = time.process_time() - cpu
    images = batch * len(walls)
    return {
        "imagesPerSecond": batch / statistics.median(walls),
        "least": batch / max(walls),
        "most": batch / min(walls),
        "imagesPerCpuSecond": images / cpu,
        "coresUsed": cpu / sum(walls),
        "repeats": len(walls),
    }


def peak_bytes():
    try:
        for line in pathlib.Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def compare(model, files, text, answers):
    """Exits with 1 where captions differ or an ITM probability does by more than 1e-3."""
    told = [json.loads(line) for line in answers.read_text().splitlines() if line.strip()]
    worst = 0.0
    different = 0
    for file, answer in zip(files, told, strict=True):
        pixels = model.pixels([file])
        caption = model.captions(pixels)[0]
        if caption != answer["caption"]:
            different += 1
            print(f"{file.name}: '{caption}' here, '{answer['caption']}' there")
        for own, there in ((text, answer["texts"][0]["itm"]), (caption, answer["itm"])):
            here = model.match(pixels, [own]).softmax(-1)[0, 1].item()
            worst = max(worst, abs(here - there))
    print(json.dumps({"images": len(files), "captionsDifferent": different,
                      "itmDifference": worst}))
    raise SystemExit(1 if different or not worst < 1e-3 else 0)


def main():
    given = arguments()
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(given.threads)
    files = sorted((given.folder / "images").glob("*.png"))
    if not files:
        raise SystemExit(f"There are no images in {given.folder / 'images'}.")
    model = CapFilt(given.folder, given.tokens)
    with torch.inference_mode():
        if given.answers:
            compare(model, files, given.text, given.answers)
        pixels = model.pixels([files[i % len(files)] for i in range(given.batch)])
        for name in given.stage.split(","):
            result = measure(lambda: model.stage(name, pixels, given.text),
                             given.batch, given.seconds, given.repeats)
            print(json.dumps({"program": "transformers", "stage": name, "batch": given.batch,
                              "threads": given.threads, **result,
                              "peakMemoryBytes": peak_bytes(),
                              "versions": f"transformers {transformers.__version__},"
                                          f" torch {torch.__version__}"}), flush=True)


if __name__ == "__main__":
    main()
