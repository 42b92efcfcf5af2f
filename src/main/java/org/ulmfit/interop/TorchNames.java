package org.ulmfit.interop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.interop.PickleValue.Dict;
import org.ulmfit.interop.PickleValue.Foreign;
import org.ulmfit.interop.PickleValue.Plain;
import org.ulmfit.interop.PickleValue.Sequence;
import org.ulmfit.interop.PickleValue.Tuple;
import org.ulmfit.io.Safetensors.DType;

/**
 * The names of a state dict: dictionaries, storages and the functions that make a tensor of a
 * storage (torch/_utils.py). What the optimiser state of fastai 2 adds (its list class, NumPy
 * numbers) is passed over uninterpreted.
 */
final class TorchNames implements PickleNames {

  /**
   * A storage, which lies outside the pickle.
   *
   * @param elements of its type
   */
  record Storage(DType dtype, String key, long elements) {
    long bytes() {
      return elements * dtype.bytes();
    }
  }

  /** A view of a storage, as the pickle has it: not yet checked. */
  record Tensor(Storage storage, long offset, long[] shape, long[] strides) {}

  private enum Function {
    ORDERED_DICT,
    SIZE,
    TENSOR,
    PARAMETER
  }

  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "collections.OrderedDict", Function.ORDERED_DICT,
          "torch.Size", Function.SIZE,
          "torch._utils._rebuild_tensor", Function.TENSOR, // torch 0.3 and before
          "torch._utils._rebuild_tensor_v2", Function.TENSOR,
          "torch._utils._rebuild_parameter", Function.PARAMETER);

  private static final Map<String, DType> STORAGES =
      Map.of(
          "FloatStorage", DType.F32,
          "HalfStorage", DType.F16,
          "DoubleStorage", DType.F64,
          "BFloat16Storage", DType.BF16,
          "LongStorage", DType.I64,
          "IntStorage", DType.I32,
          "ShortStorage", DType.I16,
          "CharStorage", DType.I8,
          "ByteStorage", DType.U8,
          "BoolStorage", DType.BOOL);

  // fastai 2 Learner.save: hypers is an L, learning rates of a slice are NumPy numbers
  private static final Set<String> PASSED_OVER =
      Set.of(
          "fastcore.foundation.L",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.dtype",
          "_codecs.encode");

  private static final int MAX_DIMENSIONS = 32;
  private static final int MAX_KEY = 200;

  private final Map<String, Storage> storages = new HashMap<>();

  /** The storages that the pickle named, by key. */
  Map<String, Storage> storages() {
    return storages;
  }

  @Override
  public @Nullable Object find(String module, String name) {
    String full = module + "." + name;
    if (module.equals("torch") || module.equals("torch.cuda")) {
      DType dtype = STORAGES.get(name);
      if (dtype != null) {
        return dtype;
      }
    }
    return PASSED_OVER.contains(full) ? new Foreign(full) : FUNCTIONS.get(full);
  }

  @Override
  public String hint(String module, String name, @Nullable String key) {
    if ("opt".equals(key)) {
      return "the optimiser state holds more than data; save without it (with_opt=False)";
    }
    if (module.startsWith("torch.nn.") || module.startsWith("fastai") || name.endsWith("Learner")) {
      return "a whole pickled module or Learner, not a state dict;"
          + " save model.state_dict(), or use learn.save or learn.save_encoder";
    }
    return "a state dict needs only tensors"
        + " (is this a whole module, pickled with its class? save model.state_dict())";
  }

  @Override
  public Object call(Object function, Tuple arguments) throws Refused {
    List<Object> args = arguments.items;
    if (function instanceof Foreign foreign) {
      return new Foreign(foreign.name);
    }
    if (!(function instanceof Function known)) {
      throw new Refused("a call of " + PickleValue.kind(function));
    }
    return switch (known) {
      case ORDERED_DICT -> orderedDict(args);
      case TENSOR -> tensor(args);
      case SIZE -> {
        if (args.size() == 1 && args.get(0) instanceof Tuple size) {
          yield size;
        }
        throw new Refused("a torch.Size that is not made of a tuple");
      }
      case PARAMETER -> {
        if (args.size() == 3 && args.get(0) instanceof Tensor tensor) {
          yield tensor;
        }
        throw new Refused("a parameter that is not made of a tensor");
      }
    };
  }

  /** Made empty (Python 3) or of a list of two-item lists (Python 2). */
  private static Dict orderedDict(List<Object> args) throws Refused {
    Dict dict = new Dict(true);
    if (args.isEmpty()) {
      return dict;
    }
    if (args.size() != 1 || !(args.get(0) instanceof Sequence pairs)) {
      throw new Refused("an OrderedDict that is not made of a list");
    }
    dict.depth = pairs.depth;
    for (Object pair : pairs.items) {
      if (!(pair instanceof Sequence two)
          || two.items.size() != 2
          || !(two.items.get(0) instanceof String key)) {
        throw new Refused("an OrderedDict made of other things than keys and values");
      }
      if (dict.entries.putIfAbsent(key, two.items.get(1)) != null) {
        throw new Refused("the key '" + Refusals.quote(key) + "' stands twice");
      }
    }
    return dict;
  }

  /** Storage, offset, shape, strides; what follows (gradient wanted, hooks) says nothing here. */
  private static Tensor tensor(List<Object> args) throws Refused {
    if (args.size() < 4
        || args.size() > 7
        || !(args.get(0) instanceof Storage storage)
        || !(args.get(1) instanceof Long offset)) {
      throw new Refused("a tensor that is not made of a storage, an offset, a shape and strides");
    }
    Tensor tensor = new Tensor(storage, offset, longs(args.get(2)), longs(args.get(3)));
    if (tensor.shape.length != tensor.strides.length) {
      throw new Refused(
          tensor.shape.length + " dimensions but " + tensor.strides.length + " strides");
    }
    return tensor;
  }

  private static long[] longs(Object value) throws Refused {
    if (!(value instanceof Tuple tuple) || tuple.items.size() > MAX_DIMENSIONS) {
      throw new Refused(
          "a shape or strides that are not a tuple of up to " + MAX_DIMENSIONS + " numbers");
    }
    long[] numbers = new long[tuple.items.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(tuple.items.get(i) instanceof Long number)) {
        throw new Refused("a shape or stride is " + PickleValue.kind(tuple.items.get(i)));
      }
      numbers[i] = number;
    }
    return numbers;
  }

  /** {@code ('storage', class, key, location, elements)}, in legacy files with a sixth field. */
  @Override
  public Object persistent(Object id) throws Refused {
    List<Object> fields = id instanceof Tuple tuple ? tuple.items : List.of();
    if (fields.size() < 5
        || fields.size() > 6
        || !"storage".equals(fields.get(0))
        || !(fields.get(1) instanceof DType dtype)
        || !(fields.get(2) instanceof String key)
        || !(fields.get(4) instanceof Long elements)) {
      throw new Refused("a reference to something else than a storage");
    }
    if (key.length() > MAX_KEY) {
      throw new Refused("a storage's key of " + key.length() + " characters");
    }
    if (fields.size() == 6 && fields.get(5) != Plain.NONE) {
      throw new Refused("storage " + Refusals.quote(key) + " is a view of another; not supported");
    }
    if (elements < 0 || elements > Long.MAX_VALUE / Long.BYTES) {
      throw new Refused("storage " + Refusals.quote(key) + " has " + elements + " elements");
    }
    Storage storage = new Storage(dtype, key, elements);
    Storage known = storages.putIfAbsent(key, storage);
    if (known != null && !known.equals(storage)) {
      throw new Refused("storage " + Refusals.quote(key) + " is described in two ways");
    }
    return storage;
  }
}
