package org.ulmfit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** The worked numbers the tests are held against: {@code golden/golden_numeric.json}. */
public final class Golden {

  private static final JsonNode NUMERIC = read();

  private Golden() {}

  /** The node at a path of keys. */
  public static JsonNode numeric(String... path) {
    JsonNode node = NUMERIC;
    for (String key : path) {
      node = node.required(key);
    }
    return node;
  }

  public static double[] doubles(JsonNode array) {
    return elements(array).stream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  public static int[] ints(JsonNode array) {
    return elements(array).stream().mapToInt(Golden::exactInt).toArray();
  }

  public static int[][] rowsOfInts(JsonNode array) {
    return elements(array).stream().map(Golden::ints).toArray(int[][]::new);
  }

  public static double[][] rowsOfDoubles(JsonNode array) {
    return elements(array).stream().map(Golden::doubles).toArray(double[][]::new);
  }

  public static List<JsonNode> elements(JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("no array: " + array);
    }
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** 0 to n - 1. */
  public static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }

  private static int exactInt(JsonNode node) {
    if (!node.canConvertToExactIntegral()) {
      throw new IllegalArgumentException("no whole number: " + node);
    }
    return node.intValue();
  }

  private static JsonNode read() {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/golden_numeric.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
