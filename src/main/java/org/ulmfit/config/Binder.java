package org.ulmfit.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/**
 * Makes the records of a recipe from a tree. Every refusal is one line: where it was written, the
 * dotted key, the value and what is allowed.
 */
final class Binder {

  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");

  /** The whole recipe. */
  static Recipe recipe(Tree tree) {
    Recipe recipe = (Recipe) record(tree, Recipe.class, "");
    PhaseRules.check(recipe, tree);
    return recipe;
  }

  private static Object record(Tree tree, Class<?> type, String prefix) {
    String place = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
    if (!(tree instanceof Tree.Branch branch)) {
      throw refuse(tree, place + "needs keys of its own (" + String.join(", ", names(type)) + ")");
    }
    for (Map.Entry<String, Tree> child : branch.children().entrySet()) {
      if (!names(type).contains(child.getKey())) {
        throw refuse(
            child.getValue(),
            prefix
                + child.getKey()
                + ": unknown key"
                + Suggestions.forKey(prefix, child.getKey(), names(type)));
      }
    }
    List<RecordComponent> components = Key.components(type);
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      String key = prefix + component.getName();
      Tree child = branch.children().get(component.getName());
      if (child == null && !optional(component)) {
        throw refuse(branch, key + ": missing");
      }
      values.add(child == null ? null : value(child, component, key));
    }
    return construct(type, components, values);
  }

  private static @Nullable Object value(Tree tree, RecordComponent component, String key) {
    Class<?> type = component.getType();
    if (type.isRecord()) {
      return record(tree, type, key + ".");
    }
    if (type == List.class) {
      return list(tree, component, key);
    }
    if (!(tree instanceof Tree.Leaf leaf)) {
      throw refuse(tree, key + ": needs one value (" + Key.allowed(component) + ")");
    }
    if (leaf.isNull()) {
      if (optional(component)) {
        return null;
      }
      throw refuse(leaf, key + ": has no value; use " + Key.allowed(component));
    }
    return scalar(leaf, type, component, key);
  }

  private static @Nullable Object list(Tree tree, RecordComponent component, String key) {
    if (tree instanceof Tree.Leaf leaf && leaf.isNull() && optional(component)) {
      return null;
    }
    if (!(tree instanceof Tree.Items items)) {
      throw refuse(tree, key + ": needs a list [...] of " + Key.allowed(component));
    }
    Size size = component.getAnnotation(Size.class);
    int count = items.items().size();
    if (count < size.min() || count > size.max()) {
      throw refuse(tree, key + ": has " + count + " entries; use " + Key.allowed(component));
    }
    Class<?> element = Objects.requireNonNull(Key.element(component)); // of a list
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String at = key + "." + i;
      Tree item = items.items().get(i);
      if (element.isRecord()) {
        values.add(record(item, element, at + "."));
      } else if (item instanceof Tree.Leaf leaf && !leaf.isNull()) {
        values.add(scalar(leaf, element, component, at));
      } else {
        throw refuse(item, at + ": needs one value (" + Key.allowed(component) + ")");
      }
    }
    return List.copyOf(values);
  }

  private static Object scalar(
      Tree.Leaf leaf, Class<?> type, RecordComponent component, String key) {
    String text = leaf.text();
    if (type == String.class) {
      return word(leaf, component, key);
    }
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .filter(constant -> Key.word(constant).equals(text))
          .findFirst()
          .orElseThrow(() -> notOneOf(leaf, Key.words(type), component, key));
    }
    if (leaf.quoted()) {
      throw bad(leaf, component, key);
    }
    if (type == boolean.class) {
      if (!text.equals("true") && !text.equals("false")) {
        throw bad(leaf, component, key);
      }
      return text.equals("true");
    }
    if (component.isAnnotationPresent(OrAuto.class) && text.equals(OrAuto.WORD)) {
      return Double.NaN;
    }
    boolean whole = Key.isWhole(type);
    if (!(whole ? WHOLE : NUMBER).matcher(text).matches()) {
      throw bad(leaf, component, key);
    }
    Range range = component.getAnnotation(Range.class);
    BigDecimal number = new BigDecimal(text);
    if (number.compareTo(BigDecimal.valueOf(range.min())) < 0
        || number.compareTo(BigDecimal.valueOf(range.max())) > 0) {
      throw bad(leaf, component, key);
    }
    if (type == int.class || type == Integer.class) {
      return number.intValueExact();
    }
    return type == long.class ? (Object) number.longValueExact() : Double.valueOf(text);
  }

  private static String word(Tree.Leaf leaf, RecordComponent component, String key) {
    OneOf oneOf = component.getAnnotation(OneOf.class);
    String text = leaf.text();
    boolean file = !oneOf.orFile().isEmpty() && text.endsWith(oneOf.orFile());
    boolean like = !oneOf.orLike().isEmpty() && text.matches(oneOf.orLike());
    if (!file && !like && !List.of(oneOf.value()).contains(text)) {
      throw notOneOf(leaf, List.of(oneOf.value()), component, key);
    }
    return text;
  }

  private static UlmfitException notOneOf(
      Tree.Leaf leaf, List<String> words, RecordComponent component, String key) {
    return refuse(
        leaf,
        key
            + ": \""
            + leaf.text()
            + "\" is not one of "
            + Key.allowed(component)
            + Suggestion.hint(leaf.text(), words));
  }

  private static Object construct(
      Class<?> type, List<RecordComponent> components, List<Object> values) {
    try {
      Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName(), e);
    }
  }

  /** Keys that may be left out: those whose record holds null then. */
  static boolean optional(RecordComponent component) {
    Class<?> owner = component.getDeclaringRecord();
    boolean silent = owner == Recipe.Rates.class || owner == Recipe.Schedule.class;
    return silent && component.getType() != Recipe.Curve.class;
  }

  private static List<String> names(Class<?> type) {
    return Key.components(type).stream().map(RecordComponent::getName).toList();
  }

  private static UlmfitException bad(Tree.Leaf leaf, RecordComponent component, String key) {
    String shown = leaf.quoted() ? "\"" + leaf.text() + "\"" : leaf.text();
    Class<?> type = component.getType();
    Class<?> element = Key.element(component);
    String whole = Key.isWhole(element == null ? type : element) ? "a whole number, " : "";
    return refuse(
        leaf, key + ": " + shown + " is not allowed; use " + whole + Key.allowed(component));
  }

  static UlmfitException refuse(Tree tree, String problem) {
    return UlmfitException.usage(tree.where() + ": " + problem);
  }

  private Binder() {}
}
