package org.ulmfit.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulmfit.Shown;
import org.ulmfit.corpus.Shard;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code K/N}. */
final class ShardConverter implements ITypeConverter<Shard> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

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
          Shown.format("'%s': the shards of %d are 0/%d to %d/%d", given, of, of, of - 1, of));
    }
    return new Shard(number, of);
  }
}
