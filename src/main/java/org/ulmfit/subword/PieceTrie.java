package org.ulmfit.subword;

import java.util.Arrays;

/** Finds the pieces that begin at a place: a trie whose edges lie in one open-addressing table. */
final class PieceTrie {
  static final int ROOT = 0;
  static final int NONE = -1;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final long[] edges; // node and symbol, + 1; 0 = free
  private final int[] targets;
  private final int mask;
  private int[] pieceOf = new int[1 << 10]; // of each node
  private int nodes = 1;

  PieceTrie(Pieces pieces) {
    int slots = Integer.highestOneBit(Math.max(8, pieces.symbols().length)) * 4;
    edges = new long[slots];
    targets = new int[slots];
    mask = slots - 1;
    Arrays.fill(pieceOf, NONE);
    for (int piece = 0; piece < pieces.size(); piece++) {
      int node = ROOT;
      for (int i = pieces.starts()[piece]; i < pieces.starts()[piece + 1]; i++) {
        node = made(node, pieces.symbols()[i]);
      }
      pieceOf[node] = piece;
    }
  }

  private static long edge(int node, int symbol) {
    return ((long) node << 32 | symbol) + 1;
  }

  private int slot(long edge) {
    int slot = (int) (edge * SPREAD >>> 32) & mask;
    while (edges[slot] != 0 && edges[slot] != edge) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int made(int node, int symbol) {
    long edge = edge(node, symbol);
    int slot = slot(edge);
    if (edges[slot] == 0) {
      edges[slot] = edge;
      targets[slot] = nodes;
      if (nodes == pieceOf.length) {
        pieceOf = Arrays.copyOf(pieceOf, WordCounts.grown(nodes + 1, nodes));
        Arrays.fill(pieceOf, nodes, pieceOf.length, NONE);
      }
      nodes++;
    }
    return targets[slot];
  }

  /** The node a symbol further, or NONE. */
  int next(int node, int symbol) {
    int slot = slot(edge(node, symbol));
    return edges[slot] == 0 ? NONE : targets[slot];
  }

  /** The piece that ends there, or NONE. */
  int piece(int node) {
    return pieceOf[node];
  }
}
