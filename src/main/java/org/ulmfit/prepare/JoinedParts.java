package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.vocab.TokenStore;

/**
 * The documents of all parts as if one program had tokenized them, by the hash of their text, then
 * by id: what there is does not depend on the number of parts. In memory: some 50 bytes a document
 * with what the stores are written from, and the types.
 */
final class JoinedParts implements Provisional, AutoCloseable {
  private final List<TokenStore> stores = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final List<int[]> typeOf = new ArrayList<>(); // of each part's provisional ids
  private final int[] partOf;
  private final int[] placeOf;
  private final long[] hashes;

  /**
   * @throws UlmfitException (bad data) if a part is damaged, or there are too many documents
   */
  JoinedParts(List<TokenPart> parts) {
    Map<String, Integer> index = new HashMap<>();
    long size = 0;
    for (TokenPart part : parts) {
      List<String> own = part.types();
      TokenStore store = part.open(own.size());
      stores.add(store);
      size += store.size();
      int[] global = new int[own.size()];
      for (int type = 0; type < global.length; type++) {
        String name = own.get(type);
        global[type] = index.computeIfAbsent(name, missing -> types.size());
        if (global[type] == types.size()) {
          types.add(name);
        }
      }
      typeOf.add(global);
    }
    if (size > Integer.MAX_VALUE - 8) {
      throw UlmfitException.badData(
          Shown.format(
              "%,d documents in all parts; a token store has 2,147,483,639 at most", size));
    }
    partOf = new int[(int) size];
    placeOf = new int[(int) size];
    hashes = new long[(int) size];
    merge();
  }

  /** A part and how far it was read. */
  private static final class Cursor {
    final int part;
    final TokenStore store;
    int place;
    String id = "";
    long hash;

    Cursor(int part, TokenStore store) {
      this.part = part;
      this.store = store;
      this.place = -1;
    }

    boolean next() {
      if (++place == store.size()) {
        return false;
      }
      id = store.id(place);
      hash = TokenPart.hash(id);
      return true;
    }
  }

  private void merge() {
    PriorityQueue<Cursor> queue =
        new PriorityQueue<>(
            Comparator.<Cursor, Long>comparing(one -> one.hash, Long::compareUnsigned)
                .thenComparing(one -> one.id, CorpusReader.BY_CODE_POINT)
                .thenComparing(one -> one.part));
    for (int part = 0; part < stores.size(); part++) {
      Cursor cursor = new Cursor(part, stores.get(part));
      if (cursor.next()) {
        queue.add(cursor);
      }
    }
    for (int doc = 0; !queue.isEmpty(); doc++) {
      Cursor first = queue.remove();
      partOf[doc] = first.part;
      placeOf[doc] = first.place;
      hashes[doc] = first.hash;
      if (first.next()) {
        queue.add(first);
      }
    }
  }

  int size() {
    return hashes.length;
  }

  /** 64 bits of SHA-256 of the text. */
  long hash(int doc) {
    return hashes[doc];
  }

  /** How many documents have the text of the one before. */
  int repeated() {
    return (int)
        IntStream.range(1, hashes.length).filter(doc -> hashes[doc] == hashes[doc - 1]).count();
  }

  /** Documents that are such. */
  int[] which(IntPredicate wanted) {
    return IntStream.range(0, hashes.length).filter(wanted).toArray();
  }

  @Override
  public List<String> types() {
    return types;
  }

  @Override
  public int[] ids(int doc) {
    int[] global = typeOf.get(partOf[doc]);
    int[] ids = stores.get(partOf[doc]).ids(placeOf[doc]);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = global[ids[i]];
    }
    return ids;
  }

  @Override
  public String id(int doc) {
    return TokenPart.idInCorpus(stores.get(partOf[doc]).id(placeOf[doc]));
  }

  @Override
  public void close() {
    stores.forEach(TokenStore::close);
  }
}
