package org.ulmfit.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.ulmfit.Shown;

/** Columns that hold texts. */
final class TextColumns {
  private TextColumns() {}

  /**
   * Where they stand in a row.
   *
   * @throws IllegalArgumentException if one is not there or holds no strings
   */
  static int[] of(StructType schema, List<String> names) {
    List<String> there = Arrays.asList(schema.fieldNames());
    for (String name : names) {
      if (!there.contains(name)) {
        throw new IllegalArgumentException(
            Shown.format(
                "no column %s of texts; there are: %s; name it with setInputCol",
                name, String.join(", ", there)));
      }
      DataType type = schema.apply(name).dataType();
      if (!(type instanceof StringType)) {
        throw new IllegalArgumentException(
            Shown.format(
                "column %s holds %s, not texts; cast it to string", name, type.simpleString()));
      }
    }
    return names.stream().mapToInt(schema::fieldIndex).toArray();
  }
}
