package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What one of several programs does that share the work.
 *
 * @param number of it, from 0
 * @param of how many
 */
record Shard(int number, int of) {
  static final Shard WHOLE = new Shard(0, 1);

  private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  /** Whether the thing of this index is its own. */
  boolean has(long index) {
    return index % of == number;
  }

  /** Its own of some things. */
  <T> List<T> of(List<T> all) {
    List<T> own = new ArrayList<>();
    for (int index = 0; index < all.size(); index++) {
      if (has(index)) {
        own.add(all.get(index));
      }
    }
    return own;
  }

  /** {@code K/N}. */
  static final class Converter implements ITypeConverter<Shard> {
    @Override
    public Shard convert(String given) {
      Matcher m = FORM.matcher(given);
      if (!m.matches() || m.group(2).matches("0+")) {
        throw new TypeConversionException("'" + given + "' is no shard K/N, such as 0/16");
      }
      int number = Integer.parseInt(m.group(1));
      int of = Integer.parseInt(m.group(2));
      if (number >= of) {
        throw new TypeConversionException(
            "'%s': the shards of %d are 0/%d to %d/%d".formatted(given, of, of, of - 1, of));
      }
      return new Shard(number, of);
    }
  }
}
