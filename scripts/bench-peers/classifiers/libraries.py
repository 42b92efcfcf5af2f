"""The libraries, and how each is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
JAVA = HOME / "target" / "bench-peers"
FASTTEXT = HOME / ".venv-fasttext" / "bin" / "python"
SETUP = "run scripts/bench-peers/classifiers/setup"
VERSIONS = {  # of requirements.txt, requirements-fasttext.txt and pom.xml
    "fasttext": "fastText 0.9.2",
    "fasttext-autotune": "fastText 0.9.2",
    "tribuo": "Tribuo 4.3.2",
    "opennlp": "OpenNLP 2.5.9",
    "tfidf-lr": "scikit-learn 1.9.1",
}
PEERS = tuple(VERSIONS)
SINGLE_ONLY = {"opennlp": "OpenNLP gives a text one category"}


def command(peer: str) -> list[str]:
    """What measures it, but for the names of its two files."""
    if peer in ("tribuo", "opennlp"):
        classpath = JAVA / "classpath"
        if not classpath.exists():
            sys.exit(f"compare-peers: {peer} is not built; {SETUP}")
        java = (
            Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        )
        return [str(java), "-cp", f"{JAVA / 'classes'}:{classpath.read_text()}", "peers.Main", peer]
    if peer == "tfidf-lr":
        return [sys.executable, str(HERE / "sklearn_peer.py")]
    if not FASTTEXT.exists():
        sys.exit(f"compare-peers: no {FASTTEXT}; {SETUP}")
    return [str(FASTTEXT), str(HERE / "fasttext_peer.py")]
