package org.ulmfit.campaign;

import java.util.List;

/**
 * A parser under attack.
 *
 * @param seeds inputs it takes
 * @param reading hands it an input and checks what it made of it
 */
record Target(String name, List<byte[]> seeds, Reading reading) {

  /** Throws what the parser throws, and an AssertionError where it read something that is wrong. */
  @FunctionalInterface
  interface Reading {
    void read(byte[] input) throws Exception;
  }
}
