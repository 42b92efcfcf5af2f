package org.ulmfit.interop;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.PickleNames.Refused;
import org.ulmfit.interop.PickleValue.Dict;
import org.ulmfit.interop.PickleValue.Foreign;
import org.ulmfit.interop.PickleValue.Plain;
import org.ulmfit.interop.PickleValue.Sequence;
import org.ulmfit.interop.PickleValue.Tuple;

/**
 * Reads a pickle of protocol 2 to 5 as data. It knows the opcodes that torch files and vocabularies
 * are made of (CPython's pickletools describes them) and refuses all others; names are looked up in
 * a {@link PickleNames} and nowhere else. Values, strings, nesting, stack and memo are bounded, and
 * a value cannot be changed once it is part of another, so that none can contain itself.
 */
final class Pickle {

  static final int MAX_DEPTH = 100;
  private static final int MAX_VALUES = 1 << 20; // so many in the memo, too
  private static final long MAX_BYTES = 128 << 20;
  private static final int MAX_MARKS = 1000;
  private static final int MAX_TEXT = 1 << 20; // bytes of one string
  private static final long MAX_ALL_TEXT = 64 << 20;
  private static final int MAX_NAME = 512;
  private static final int MAX_LONG = 16;

  private final PickleSource in;
  private final PickleNames names;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int values;
  private long text;
  private long at; // of the opcode at hand

  private Pickle(PickleSource in, PickleNames names) {
    this.in = in;
    this.names = names;
  }

  /**
   * Reads one pickle, to the byte after its STOP.
   *
   * @throws UlmfitException (bad model) naming file and byte
   */
  static Object read(PickleSource in, PickleNames names) {
    return new Pickle(in, names).run();
  }

  private Object run() {
    long begin = in.position();
    at = begin;
    int protocol = in.u8() == 0x80 ? in.u8() : 0;
    if (protocol < 2 || protocol > 5) {
      throw refuse("not a pickle of protocol 2 to 5");
    }
    while (true) {
      at = in.position();
      int opcode = in.u8();
      if (opcode == '.') {
        Object value = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw refuse("the pickle ends with values left over");
        }
        return value;
      }
      if (at - begin > MAX_BYTES) {
        throw refuse("a pickle of more than " + MAX_BYTES + " bytes");
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x95 -> frame();
      case '(' -> mark();
      case 'N' -> push(Plain.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) in.u8());
      case 'M' -> push((long) in.u16());
      case 'J' -> push((long) in.i32());
      case 0x8a -> push(integer(in.u8()));
      case 'G' -> push(in.f64());
      case 'X' -> push(text(in.u32()));
      case 0x8c -> push(text(in.u8()));
      case 0x8d -> push(text(in.i64()));
      case 'T' -> push(text(in.u32())); // str of Python 2
      case 'U' -> push(text(in.u8()));
      case 'B' -> push(bytes(in.u32()));
      case 'C' -> push(bytes(in.u8()));
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> push(tuple(popLast(1)));
      case 0x86 -> push(tuple(popLast(2)));
      case 0x87 -> push(tuple(popLast(3)));
      case 't' -> push(tuple(popMarked()));
      case ']' -> push(new Sequence());
      case 'a' -> append(popLast(1));
      case 'e' -> append(popMarked());
      case '}' -> push(new Dict(false));
      case 's' -> put(popLast(2));
      case 'u' -> put(popMarked());
      case 'q' -> remember(in.u8());
      case 'r' -> remember(in.u32());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(recall(in.u8()));
      case 'j' -> push(recall(in.u32()));
      case 'c' -> push(global(in.line(MAX_NAME), in.line(MAX_NAME)));
      case 0x93 -> push(global(popLast(2)));
      case 'R' -> push(call(popLast(2)));
      case 0x81 -> push(make(popLast(2)));
      case 'b' -> build(pop());
      case 'Q' -> push(persistent(pop()));
      default ->
          throw refuse(Shown.format("opcode 0x%02x, which neither weights nor words need", opcode));
    }
  }

  private void frame() {
    long length = in.i64();
    if (length < 0 || length > in.remaining()) {
      throw refuse("a frame of " + Long.toUnsignedString(length) + " bytes; cut short");
    }
  }

  private void mark() {
    if (marks.size() == MAX_MARKS) {
      throw refuse("more than " + MAX_MARKS + " values inside one another");
    }
    marks.add(stack.size());
  }

  private void push(Object value) {
    if (++values > MAX_VALUES) {
      throw refuse("more than " + MAX_VALUES + " values");
    }
    stack.add(value);
  }

  private Object pop() {
    return popLast(1).get(0);
  }

  private List<Object> popLast(int count) {
    int bottom = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    return take(Math.max(bottom, stack.size() - count), count);
  }

  private List<Object> popMarked() {
    if (marks.isEmpty()) {
      throw refuse("a value ends that did not begin");
    }
    int from = marks.remove(marks.size() - 1);
    return take(from, stack.size() - from);
  }

  private List<Object> take(int from, int count) {
    List<Object> top = stack.subList(from, stack.size());
    if (top.size() != count) {
      throw refuse("an operation on values that are not there");
    }
    List<Object> taken = new ArrayList<>(top);
    top.clear();
    return taken;
  }

  /** Little-endian two's complement. */
  private Number integer(int length) {
    if (length > MAX_LONG) {
      throw refuse("an integer of " + length + " bytes");
    }
    byte[] little = in.bytes(length);
    byte[] big = new byte[length];
    for (int i = 0; i < length; i++) {
      big[i] = little[length - 1 - i];
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(big);
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private String text(long length) {
    if (length < 0 || length > MAX_TEXT) {
      throw refuse("a string of " + Long.toUnsignedString(length) + " bytes");
    }
    text += length;
    if (text > MAX_ALL_TEXT) {
      throw refuse("strings of more than " + MAX_ALL_TEXT + " bytes");
    }
    return in.text(length);
  }

  private Plain bytes(long length) {
    in.skip(length);
    return new Plain("bytes");
  }

  private Tuple tuple(List<Object> items) {
    Tuple tuple = new Tuple(items);
    items.forEach(item -> enclose(tuple, item));
    return tuple;
  }

  private void append(List<Object> items) {
    if (!(peek() instanceof Sequence list)) {
      throw refuse("items for " + PickleValue.kind(peek()) + " instead of a list");
    }
    items.forEach(item -> enclose(list, item));
    list.items.addAll(items);
  }

  private void put(List<Object> pairs) {
    if (!(peek() instanceof Dict dict)) {
      throw refuse("keys for " + PickleValue.kind(peek()) + " instead of a dictionary");
    }
    if (pairs.size() % 2 != 0) {
      throw refuse("a key without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      put(dict, pairs.get(i), pairs.get(i + 1));
    }
  }

  private void put(Dict dict, Object key, Object value) {
    if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
      throw refuse("a dictionary's key is " + PickleValue.kind(key));
    }
    enclose(dict, value);
    if (dict.entries.putIfAbsent(key, value) != null) {
      throw refuse("the key '" + Refusals.quote(key.toString()) + "' stands twice");
    }
  }

  /** Notes that a value becomes part of another. */
  private void enclose(PickleValue whole, Object part) {
    if (whole.sealed || whole == part) {
      throw refuse("a value is changed that is part of another, or of itself");
    }
    if (part instanceof PickleValue inner) {
      inner.sealed = true;
      whole.depth = Math.max(whole.depth, inner.depth + 1);
      if (whole.depth > MAX_DEPTH) {
        throw refuse("more than " + MAX_DEPTH + " values inside one another");
      }
    }
  }

  private Object peek() {
    int bottom = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() == bottom) {
      throw refuse("an operation on values that are not there");
    }
    return stack.get(stack.size() - 1);
  }

  private void remember(long index) {
    if (memo.size() >= MAX_VALUES || index > 2L * MAX_VALUES) {
      throw refuse("more than " + MAX_VALUES + " values to remember");
    }
    memo.put((int) index, peek());
  }

  private Object recall(long index) {
    Object value = index > Integer.MAX_VALUE ? null : memo.get((int) index);
    if (value == null) {
      throw refuse("value " + index + " is recalled but was never remembered");
    }
    return value;
  }

  private Object global(List<Object> names) {
    if (names.get(0) instanceof String module && names.get(1) instanceof String name) {
      return global(module, name);
    }
    throw refuse("a name that is not made of two strings");
  }

  private Object global(String module, String name) {
    Object found = names.find(module, name);
    if (found == null) {
      String full = Refusals.quote(module + "." + name);
      throw refuse("refused the name " + full + ": " + names.hint(module, name, outermostKey()));
    }
    return found;
  }

  /** REDUCE, for what stands for a name. */
  private Object call(List<Object> operands) {
    if (!(operands.get(1) instanceof Tuple arguments)) {
      throw refuse("a call without a tuple of arguments");
    }
    try {
      return names.call(operands.get(0), arguments);
    } catch (Refused e) {
      throw refuse(e.why);
    }
  }

  /** NEWOBJ, only for what is kept uninterpreted. */
  private Object make(List<Object> operands) {
    if (operands.get(0) instanceof Foreign type && operands.get(1) instanceof Tuple) {
      return new Foreign(type.name);
    }
    throw refuse("an object is made from " + PickleValue.kind(operands.get(0)));
  }

  /** BUILD: attributes of an OrderedDict (torch's {@code _metadata}), which say nothing here. */
  private void build(Object state) {
    boolean known = peek() instanceof Dict dict && dict.ordered && state instanceof Dict;
    if (!known && !(peek() instanceof Foreign)) {
      throw refuse("attributes for " + PickleValue.kind(peek()));
    }
  }

  private Object persistent(Object id) {
    try {
      return names.persistent(id);
    } catch (Refused e) {
      throw refuse(e.why);
    }
  }

  /** Key of the outermost dictionary under which the value at hand stands, or null. */
  private @Nullable String outermostKey() {
    if (marks.isEmpty() || marks.get(0) != 1 || !(stack.get(0) instanceof Dict)) {
      return null;
    }
    int end = marks.size() > 1 ? marks.get(1) : stack.size();
    int last = end - 1 - end % 2;
    return last >= 1 && stack.get(last) instanceof String key ? key : null;
  }

  private UlmfitException refuse(String problem) {
    String key = outermostKey();
    return in.refuse(at, key == null ? problem : "under '" + Refusals.quote(key) + "': " + problem);
  }
}
