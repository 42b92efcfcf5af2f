package org.ulmfit.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbers tokens as they are met, the first 0: for a pass over a corpus before there is a
 * vocabulary. Any number of threads may add; which of two new tokens gets the lower number is then
 * up to chance.
 *
 * <p>Two hash tables: of {@link TokenKey keys}, read without lock and without making a string, and
 * of strings for the few other tokens.
 */
public final class TokenNumbers {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  // key, number, key, number; linear probing, at most half full. A key is written last, so that who
  // sees it sees its number; who sees an older table finds nothing and asks again under the lock.
  private volatile long[] cells = new long[1 << 13];
  private int keys;
  private final Map<String, Integer> others = new ConcurrentHashMap<>();
  private final List<String> tokens = new ArrayList<>();

  /**
   * The number of a token with a key.
   *
   * @param key its {@link TokenKey}
   */
  int of(long key) {
    long[] table = cells;
    int i = first(key, table);
    long found;
    while ((found = (long) CELL.getAcquire(table, i)) != key) {
      if (found == TokenKey.NONE) {
        return add(key);
      }
      i = i + 2 & table.length - 1;
    }
    return (int) table[i + 1];
  }

  private static int first(long key, long[] table) {
    return TokenKey.hash(key) << 1 & table.length - 1;
  }

  private synchronized int add(long key) {
    if (4 * keys >= cells.length) {
      cells = larger(cells);
    }
    int i = slot(key, cells);
    if (cells[i] == TokenKey.NONE) { // else another thread was first
      keys++;
      put(cells, i, key, next(TokenKey.token(key)));
    }
    return (int) cells[i + 1];
  }

  private static long[] larger(long[] cells) {
    long[] larger = new long[2 * cells.length];
    for (int i = 0; i < cells.length; i += 2) {
      if (cells[i] != TokenKey.NONE) {
        put(larger, slot(cells[i], larger), cells[i], cells[i + 1]);
      }
    }
    return larger;
  }

  /** Where a key is or belongs. */
  private static int slot(long key, long[] table) {
    int i = first(key, table);
    while (table[i] != key && table[i] != TokenKey.NONE) {
      i = i + 2 & table.length - 1;
    }
    return i;
  }

  private static void put(long[] table, int i, long key, long number) {
    table[i + 1] = number;
    CELL.setRelease(table, i, key);
  }

  /** The number of a token without a key. */
  int of(String token) {
    Integer known = others.get(token);
    return known == null ? add(token) : known;
  }

  private synchronized int add(String token) {
    return others.computeIfAbsent(token, this::next);
  }

  private int next(String token) {
    tokens.add(token);
    return tokens.size() - 1;
  }

  /** How many there are. */
  public synchronized int size() {
    return tokens.size();
  }

  /** The token of a number. */
  public synchronized String token(int number) {
    return tokens.get(number);
  }
}
