package org.ulmfit.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;

/**
 * The plain part of YAML that recipes are written in: mappings, lists and scalars. Aliases, tags,
 * repeated keys and second documents are refused.
 */
final class YamlReader {

  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 16;

  private final String source;
  private final boolean lines;
  private final Iterator<Event> events;

  private YamlReader(String source, boolean lines, Iterator<Event> events) {
    this.source = source;
    this.lines = lines;
    this.events = events;
  }

  /**
   * Reads one document.
   *
   * @param source names the text in messages
   * @param lines whether messages give the line too
   * @return an empty mapping if there is nothing but comments
   * @throws UlmfitException (usage) with source and line
   */
  static Tree read(String yaml, String source, boolean lines) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    try {
      Iterator<Event> events = new Yaml(options).parse(new StringReader(yaml)).iterator();
      YamlReader reader = new YamlReader(source, lines, events);
      reader.events.next(); // stream start
      if (reader.events.next() instanceof StreamEndEvent) {
        return new Tree.Branch(Map.of(), source);
      }
      Tree tree = reader.node(reader.events.next(), 0);
      reader.events.next(); // document end
      Event end = reader.events.next();
      if (!(end instanceof StreamEndEvent)) {
        throw reader.refuse(end, "a second document begins here; a recipe is one document");
      }
      return tree;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
      throw UlmfitException.usage(where(source, lines, line) + ": not valid YAML: " + problem(e));
    } catch (YAMLException e) {
      throw UlmfitException.usage(source + ": not valid YAML: " + firstLine(e.getMessage()));
    }
  }

  private Tree node(Event event, int depth) {
    if (event instanceof AliasEvent) {
      throw refuse(event, "aliases (*name) are not used in recipes; write the value out");
    }
    if (depth > MAX_DEPTH) {
      throw refuse(event, "nested deeper than " + MAX_DEPTH + " levels");
    }
    refuseTag(event);
    if (event instanceof ScalarEvent scalar) {
      boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
      return new Tree.Leaf(scalar.getValue(), quoted, where(event));
    }
    return event instanceof SequenceStartEvent ? list(event, depth) : mapping(event, depth);
  }

  private Tree list(Event start, int depth) {
    List<Tree> items = new ArrayList<>();
    for (Event e = events.next(); !(e instanceof SequenceEndEvent); e = events.next()) {
      items.add(node(e, depth + 1));
    }
    return new Tree.Items(Collections.unmodifiableList(items), where(start));
  }

  private Tree mapping(Event start, int depth) {
    Map<String, Tree> children = new LinkedHashMap<>();
    for (Event e = events.next(); !(e instanceof MappingEndEvent); e = events.next()) {
      if (!(e instanceof ScalarEvent key)) {
        throw refuse(e, "a key must be a plain word");
      }
      refuseTag(e);
      Tree value = node(events.next(), depth + 1);
      if (children.put(key.getValue(), value) != null) {
        throw refuse(e, "key " + key.getValue() + " is given twice");
      }
    }
    return new Tree.Branch(Collections.unmodifiableMap(children), where(start));
  }

  private void refuseTag(Event event) {
    String tag = null;
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof CollectionStartEvent collection) {
      tag = collection.getTag();
    }
    if (tag != null) {
      throw refuse(event, "tags (" + tag + ") are not used in recipes");
    }
  }

  private UlmfitException refuse(Event event, String problem) {
    return UlmfitException.usage(where(event) + ": " + problem);
  }

  private String where(Event event) {
    return where(source, lines, event.getStartMark().getLine());
  }

  private static String where(String source, boolean lines, int line) {
    return lines ? source + ", line " + (line + 1) : source;
  }

  private static String problem(MarkedYAMLException e) {
    return firstLine(e.getProblem() == null ? e.getMessage() : e.getProblem());
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
  }
}
