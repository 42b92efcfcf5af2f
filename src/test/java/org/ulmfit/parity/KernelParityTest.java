package org.ulmfit.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.DecoderLogits;
import org.ulmfit.nn.EngineFixture;

/** Our kernels against the same archive loaded in plain PyTorch. */
@Tag("engine")
@Tag("parity")
class KernelParityTest extends EngineFixture {

  /** Bit for bit on the same machine; another one may add in another order. */
  private static final double TOLERANCE = 1e-6;

  private long tensors;
  private long sameBits;

  @TestFactory
  Stream<DynamicTest> kernels() {
    return ParityCase.tests("kernels", this::compare);
  }

  private void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    int i = 0;
    for (JsonNode call : c.fact("calls")) {
      try (NDManager step = manager.newSubManager()) {
        compare(c, i++, call, step, compared);
      }
    }
    compared.note("tensors that are the same bit for bit", sameBits + " of " + tensors);
    compared.finish();
  }

  private void compare(ParityCase c, int i, JsonNode call, NDManager step, Comparison compared) {
    String kernel = call.required("kernel").asText();
    List<NDArray> arguments = new ArrayList<>();
    for (int k = 0; k < call.required("arguments").intValue(); k++) {
      arguments.add(array(step, c, i + "/in." + k));
    }
    List<NDList> lists = new ArrayList<>();
    int at = 0;
    for (JsonNode length : call.required("lists")) {
      lists.add(new NDList(arguments.subList(at, at + length.intValue())));
      at += length.intValue();
    }
    NDArray[] plain = arguments.subList(at, arguments.size()).toArray(NDArray[]::new);
    NDList results =
        switch (kernel) {
          case "decode" -> decode(step, plain);
          case "decode_eval" -> decodeEval(step, plain);
          case "logits" ->
              new NDList(DecoderLogits.of(kernels, step, plain[0], plain[1], plain[2]));
          default ->
              lists.isEmpty()
                  ? kernels.call(step, kernel, plain)
                  : kernels.callLists(step, kernel, lists, plain);
        };
    for (int k = 0; k < call.required("results").intValue(); k++) {
      same(c, i + "/out." + k, kernel, results.get(k), compared);
    }
    for (int k = 0; k < arguments.size(); k++) {
      String after = i + "/after." + k;
      boolean written = c.contains(after);
      same(c, written ? after : i + "/in." + k, kernel, arguments.get(k), compared);
    }
  }

  /** The softmax decoder with its gradients, of the kernels that training makes it of. */
  private NDList decode(NDManager step, NDArray... a) { // h, w, b, t, dw, db, n
    NDArray tiles = kernels.one(step, "decoder_tiles", a[1], a[2]);
    NDArray rows = kernels.one(step, "decoder_rows", a[0], a[1], a[2], a[3], tiles);
    NDArray sums = step.zeros(tiles.getShape());
    NDList results = kernels.call(step, "decode_sums", rows, tiles, a[3], a[1], sums, a[6]);
    kernels.call(step, "decoder_add", a[4], a[5], sums);
    return results;
  }

  /** The same in evaluation. */
  private NDList decodeEval(NDManager step, NDArray... a) { // h, w, b, t
    NDArray tiles = kernels.one(step, "decoder_tiles", a[1], a[2]);
    NDArray rows = kernels.one(step, "decoder_rows", a[0], a[1], a[2], a[3], tiles);
    return kernels.call(step, "decode_tiles_eval", rows, tiles, a[3]);
  }

  private static NDArray array(NDManager step, ParityCase c, String name) {
    Safetensors.Info info = c.info(name);
    Shape shape = new Shape(info.shape());
    return info.dtype() == Safetensors.DType.I64
        ? step.create(c.longs(name), shape)
        : step.create(c.floats(name), shape);
  }

  private void same(ParityCase c, String name, String kernel, NDArray ours, Comparison compared) {
    if (c.info(name).dtype() == Safetensors.DType.I64) {
      assertArrayEquals(c.longs(name), ours.toLongArray(), kernel + " " + name);
      return;
    }
    float[] expected = c.floats(name);
    float[] actual = ours.toType(DataType.FLOAT32, false).toFloatArray();
    tensors++;
    sameBits += Arrays.equals(expected, actual) ? 1 : 0;
    compared.relative(
        "results and arguments after each call", TOLERANCE, kernel + " " + name, expected, actual);
  }
}
