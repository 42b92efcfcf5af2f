package org.ulmfit.text;

import static org.ulmfit.text.CharacterClasses.PLAIN;
import static org.ulmfit.text.CharacterClasses.SPACE;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * spaCy's English tokenizer as a scanner over index ranges, for both profiles. Cuts the text at
 * white space; peels prefixes and suffixes off each chunk; splits what is left at infixes. Every
 * step looks at a bounded stretch or at each character a bounded number of times, so the time is
 * linear in the text whatever it holds.
 *
 * <p>Immutable apart from the {@link Scanner} of each thread.
 */
final class WordTokenizer implements Tokenizer {
  private final WordProfile profile;
  private final Affixes affixes;
  private final KeyTable exceptions;
  private final @Nullable SecondPass secondPass; // null for spaCy 2.0

  /**
   * @param specials strings never to be cut, added to the exceptions
   */
  WordTokenizer(TokenizerSpec.Word word, Collection<String> specials) {
    profile = WordProfile.of(word);
    affixes = new Affixes(profile);
    Map<String, String[]> table = EnglishExceptions.of(word);
    for (String special : specials) {
      table.put(special, new String[] {special});
    }
    exceptions = new KeyTable(table);
    secondPass = profile.today() ? new SecondPass(uncut(table.keySet()), exceptions) : null;
  }

  /** The exceptions that the affix rules would cut, as they would cut them. */
  private Map<String, String[]> uncut(Collection<String> keys) {
    Scanner scanner = new Scanner(new KeyTable(Map.of()));
    Map<String, String[]> out = new HashMap<>();
    for (String key : keys) {
      List<String> pieces = scanner.chunkPieces(key);
      if (pieces.size() > 1) {
        out.put(key, pieces.toArray(String[]::new));
      }
    }
    return out;
  }

  /**
   * Exceptions that the affix rules would cut, with the pieces; the second pass looks for these.
   */
  Map<String, String[]> secondPassTable() {
    return uncut(EnglishExceptions.of(TokenizerSpec.Word.SPACY_3).keySet());
  }

  @Override
  public Scanner cutter() {
    return new Scanner(exceptions);
  }

  /** None of its own. */
  @Override
  public Optional<List<String>> vocabulary() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  /** The working memory of one thread. */
  final class Scanner implements Cutter {
    private final KeyTable keys;
    private final UrlRule url = UrlRule.of(profile);
    private final Spans tokens = new Spans(512);
    private final ChunkCache recent = new ChunkCache();
    private int[] suffixes = new int[64]; // starts, outermost first
    private int suffixCount;

    private Scanner(KeyTable keys) {
      this.keys = keys;
    }

    @Override
    public Spans cut(TextBuffer buffer) {
      char[] text = buffer.chars();
      int length = buffer.length();
      CharacterClasses classes = profile.classes();
      tokens.clear();
      boolean flagged = false;
      int i = 0;
      while (i < length) {
        if ((classes.unit(text[i]) & SPACE) != 0) {
          i = Blanks.cut(text, i, length, tokens);
          continue;
        }
        int start = i;
        int all = PLAIN;
        int flags = classes.unit(text[i]);
        long key = 0;
        do {
          all &= flags;
          key = Long.rotateLeft(key, 8) ^ text[i];
          i++;
        } while (i < length && ((flags = classes.unit(text[i])) & SPACE) == 0);
        if (all != 0) {
          plainChunk(text, start, i, i - start > TokenKey.LONGEST ? TokenKey.NONE : key);
        } else {
          flagged |= recentChunk(text, start, i, key);
        }
      }
      return flagged && secondPass != null ? secondPass.apply(text, tokens) : tokens;
    }

    /** Letters a to z only: no affix rule looks at them. */
    private void plainChunk(char[] text, int from, int to, long key) {
      int[] ends = keys.find(text, from, to, key);
      if (ends == null) {
        tokens.add(from, to, key);
      } else {
        emit(from, ends);
      }
    }

    /** Whether the chunk's tokens concern the second pass. */
    private boolean recentChunk(char[] text, int from, int to, long hash) {
      ChunkCache.Entry entry = recent.find(text, from, to, hash);
      if (entry != null) {
        entry.emit(from, tokens);
        return entry.flagged();
      }
      int first = tokens.size();
      chunk(text, from, to);
      boolean flagged = secondPass != null && secondPass.concerns(text, tokens, first);
      if (to - from <= ChunkCache.LONGEST) {
        recent.put(text, from, to, hash, tokens, first, flagged);
      }
      return flagged;
    }

    private boolean emitException(char[] text, int from, int to) {
      int[] ends = keys.find(text, from, to);
      if (ends != null) {
        emit(from, ends);
      }
      return ends != null;
    }

    private void emit(int from, int[] ends) {
      int start = from;
      for (int end : ends) {
        tokens.add(start, from + end);
        start = from + end;
      }
    }

    private boolean isException(char[] text, int from, int to) {
      return keys.find(text, from, to) != null;
    }

    private void chunk(char[] text, int start, int end) {
      if (emitException(text, start, end)) {
        return;
      }
      url.begin(text, start, end);
      boolean today = profile.today();
      suffixCount = 0;
      int from = start;
      int to = end;
      while (from < to) {
        if (isException(text, from, to) || !today && url.matches(from, to)) {
          break;
        }
        int prefix = affixes.prefix(text, from, to);
        if (prefix > 0 && isException(text, from + prefix, to)) {
          tokens.add(from, from + prefix);
          from += prefix;
          break;
        }
        int suffix = affixes.suffix(text, today ? from + prefix : from, to);
        if (suffix > 0 && isException(text, from, to - suffix)) {
          to -= suffix;
          pushSuffix(to);
          break;
        }
        if (prefix == 0 && suffix == 0) {
          break;
        }
        boolean both = prefix + suffix <= to - from;
        if (prefix > 0) {
          tokens.add(from, from + prefix);
          from += prefix;
        }
        if (suffix > 0 && (both || prefix == 0)) {
          to -= suffix;
          pushSuffix(to);
        }
      }
      if (from < to && !emitException(text, from, to)) {
        if (url.matches(from, to)) {
          tokens.add(from, to);
        } else {
          infixes(text, from, to);
        }
      }
      for (int i = suffixCount - 1; i >= 0; i--) {
        tokens.add(suffixes[i], i == 0 ? end : suffixes[i - 1]);
      }
    }

    private void pushSuffix(int start) {
      if (suffixCount == suffixes.length) {
        suffixes = Arrays.copyOf(suffixes, 2 * suffixCount);
      }
      suffixes[suffixCount++] = start;
    }

    private void infixes(char[] text, int from, int to) {
      int start = from;
      int i = from;
      while (i < to) {
        int end = affixes.infix(text, from, i, to);
        if (end < 0) {
          i++;
          continue;
        }
        if (i > from) { // an infix at the very start stays with what follows
          if (i > start) {
            tokens.add(start, i);
          }
          tokens.add(i, end);
          start = end;
        }
        i = end;
      }
      if (start < to) {
        tokens.add(start, to);
      }
    }

    /** The pieces of one chunk, whatever white space it holds. */
    private List<String> chunkPieces(String chunk) {
      tokens.clear();
      char[] text = chunk.toCharArray();
      chunk(text, 0, text.length);
      String[] pieces = new String[tokens.size()];
      for (int i = 0; i < pieces.length; i++) {
        pieces[i] = chunk.substring(tokens.from(i), tokens.to(i));
      }
      return List.of(pieces);
    }
  }
}
