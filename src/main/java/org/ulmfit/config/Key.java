package org.ulmfit.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of a recipe: a component of the record tree.
 *
 * @param path dotted; {@code []} marks the elements of a list of records
 */
record Key(String path, RecordComponent component) {

  // Asking a class anew makes new components, which parse their annotations anew.
  private static final Map<Class<?>, List<RecordComponent>> COMPONENTS = new ConcurrentHashMap<>();

  /** The components of a record, in order. */
  static List<RecordComponent> components(Class<?> type) {
    return COMPONENTS.computeIfAbsent(type, t -> List.of(t.getRecordComponents()));
  }

  /** Every key of the tree that holds a value, in the order of the records. */
  static List<Key> all() {
    List<Key> keys = new ArrayList<>();
    collect("", Recipe.class, keys);
    return keys;
  }

  private static void collect(String prefix, Class<?> type, List<Key> keys) {
    for (RecordComponent component : components(type)) {
      String path = prefix + component.getName();
      Class<?> element = element(component);
      if (component.getType().isRecord()) {
        collect(path + ".", component.getType(), keys);
      } else if (element != null && element.isRecord()) {
        collect(path + "[].", element, keys);
      } else {
        keys.add(new Key(path, component));
      }
    }
  }

  /** The values of a recipe by dotted key; a list is one value. */
  static Map<String, Object> values(Recipe recipe) {
    Map<String, Object> values = new HashMap<>();
    put("", recipe, values);
    return values;
  }

  private static void put(String prefix, Object record, Map<String, Object> values) {
    for (RecordComponent component : components(record.getClass())) {
      Object value = value(component, record);
      if (component.getType().isRecord()) {
        put(prefix + component.getName() + ".", value, values);
      } else {
        values.put(prefix + component.getName(), value);
      }
    }
  }

  /** What a record holds there. */
  static Object value(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }

  /** The element type of a list; null for anything else. */
  static @Nullable Class<?> element(RecordComponent component) {
    return component.getType() == List.class
        ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
        : null;
  }

  String name() {
    return component.getName();
  }

  /** Whether values have no decimals. */
  static boolean isWhole(Class<?> type) {
    return type == int.class || type == long.class || type == Integer.class;
  }

  /** The type in words. */
  String type() {
    Class<?> type = component.getType();
    if (type == List.class) {
      return element(component) == Integer.class ? "list of whole numbers" : "list of numbers";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (isWhole(type)) {
      return "whole number";
    }
    return type == double.class || type == Double.class ? "number" : "word";
  }

  /** What the key may be, as shown in messages and documentation. */
  static String allowed(RecordComponent component) {
    OneOf oneOf = component.getAnnotation(OneOf.class);
    if (oneOf != null) {
      String words = String.join(", ", oneOf.value());
      words += oneOf.orLikeShown().isEmpty() ? "" : ", " + oneOf.orLikeShown();
      return oneOf.orFile().isEmpty() ? words : words + " or a file *" + oneOf.orFile();
    }
    if (component.getType().isEnum()) {
      return String.join(", ", words(component.getType()));
    }
    if (component.getType() == boolean.class) {
      return "true or false";
    }
    Range range = component.getAnnotation(Range.class);
    Size size = component.getAnnotation(Size.class);
    String numbers = range == null ? "" : text(range.min()) + " to " + text(range.max());
    if (size == null) {
      return component.isAnnotationPresent(OrAuto.class) ? numbers + " or " + OrAuto.WORD : numbers;
    }
    String count = size.min() == size.max() ? "" + size.min() : size.min() + " to " + size.max();
    return range == null ? count + " entries" : count + " numbers, each " + numbers;
  }

  /** An enum's constants as written in YAML. */
  static List<String> words(Class<?> type) {
    return Stream.of(type.getEnumConstants()).map(Key::word).toList();
  }

  /** An enum's constant: its name in lower case with hyphens, or what it says of itself. */
  static String word(Object constant) {
    String name = ((Enum<?>) constant).name();
    return constant.toString().equals(name)
        ? name.toLowerCase(Locale.ROOT).replace('_', '-')
        : constant.toString();
  }

  /** A number without needless decimals. */
  static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
