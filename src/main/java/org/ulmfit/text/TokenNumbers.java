package org.ulmfit.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers tokens as they are met, the first 0: for passes over a corpus before there is a
 * vocabulary. Any number of threads may add; which of two new tokens gets the lower number is then
 * up to chance.
 *
 * <p>A hash table of character ranges, so that no string is made of a known token. Looking up takes
 * no lock: an entry is immutable, and a reader that sees an older table finds nothing and asks
 * again under the lock.
 */
public final class TokenNumbers {
  private volatile Entry[] slots = new Entry[1 << 12]; // linear probing, at most half full
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(int number, int hash, char[] token) {
    boolean is(char[] text, int from, int to) {
      if (token.length != to - from) {
        return false;
      }
      for (int i = 0; i < token.length; i++) {
        if (token[i] != text[from + i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** The number of a token. */
  int of(char[] text, int from, int to) {
    int hash = hash(text, from, to);
    Entry[] table = slots;
    for (int i = hash & table.length - 1; ; i = i + 1 & table.length - 1) {
      Entry entry = table[i];
      if (entry == null) {
        return add(text, from, to, hash);
      }
      if (entry.hash == hash && entry.is(text, from, to)) {
        return entry.number;
      }
    }
  }

  private static int hash(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    hash *= 0x9E3779B9; // neighbours apart
    return hash ^ hash >>> 15;
  }

  private synchronized int add(char[] text, int from, int to, int hash) {
    if (2 * entries.size() >= slots.length) {
      Entry[] larger = new Entry[2 * slots.length];
      entries.forEach(entry -> put(larger, entry));
      slots = larger;
    }
    Entry[] table = slots;
    for (int i = hash & table.length - 1; table[i] != null; i = i + 1 & table.length - 1) {
      if (table[i].hash == hash && table[i].is(text, from, to)) {
        return table[i].number; // another thread was first
      }
    }
    char[] token = new char[to - from];
    System.arraycopy(text, from, token, 0, token.length);
    Entry entry = new Entry(entries.size(), hash, token);
    put(table, entry);
    entries.add(entry);
    return entry.number;
  }

  private static void put(Entry[] table, Entry entry) {
    int i = entry.hash & table.length - 1;
    while (table[i] != null) {
      i = i + 1 & table.length - 1;
    }
    table[i] = entry;
  }

  /** How many there are. */
  public synchronized int size() {
    return entries.size();
  }

  /** The token of a number. */
  public synchronized String token(int number) {
    return new String(entries.get(number).token);
  }
}
