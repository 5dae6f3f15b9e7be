package io.blipstream.model.engine.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * libtorch functions that DJL does not expose, reached through a TorchScript archive written here.
 *
 * <p>The archive is the zip that {@code torch.jit.save} writes, reduced to one module without
 * parameters: its methods in TorchScript source, a pickled instance of it, no constants, and the
 * format version.
 *
 * <p>DJL runs a module in libtorch's inference mode, whose results can never take part in a
 * gradient, unless it is told that the module trains; so both ways are here.
 */
public final class TorchScript implements AutoCloseable {

  /** Version 3 of the archive format is read by every libtorch since 1.6. */
  private static final String VERSION = "3\n";

  private static final String SOURCE =
      """
      class Functions(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Functions,
          x: Tensor) -> Tensor:
          return x
        def attention(self: __torch__.Functions,
          q: Tensor,
          k: Tensor,
          v: Tensor) -> Tensor:
          return torch.scaled_dot_product_attention(q, k, v)
        def masked_attention(self: __torch__.Functions,
          q: Tensor,
          k: Tensor,
          v: Tensor,
          mask: Tensor) -> Tensor:
          return torch.scaled_dot_product_attention(q, k, v, mask)
        def rows(self: __torch__.Functions,
          x: Tensor,
          index: Tensor) -> Tensor:
          return torch.index_select(x, 0, index)
        def cross_entropy(self: __torch__.Functions,
          logits: Tensor,
          targets: Tensor,
          smoothing: Tensor) -> Tensor:
          return torch.cross_entropy_loss(logits, targets, None, 1, -100, float(smoothing))
        def norm(self: __torch__.Functions,
          tensors: List[Tensor]) -> Tensor:
          return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors)), 2)
        def adamw(self: __torch__.Functions,
          parameters: List[Tensor],
          gradients: List[Tensor],
          means: List[Tensor],
          variances: List[Tensor],
          steps: List[Tensor],
          divisor: Tensor,
          rate: float,
          decay: float,
          beta1: float,
          beta2: float,
          epsilon: float) -> Tensor:
          torch._fused_adamw_(parameters, gradients, means, variances, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=divisor)
          return divisor
        def muon(self: __torch__.Functions,
          parameters: List[Tensor],
          gradients: List[Tensor],
          momenta: List[Tensor],
          divisor: Tensor,
          rate: float,
          decay: float,
          momentum: float) -> Tensor:
          for i in range(torch.len(parameters)):
            g = torch.div(gradients[i], divisor)
            _0 = torch.add_(torch.mul_(momenta[i], momentum), g)
            u = torch.add(g, momenta[i], alpha=momentum)
            x = torch.div(u, torch.add(torch.linalg_vector_norm(u, 2), 1e-07))
            tall = torch.gt(torch.size(u, 0), torch.size(u, 1))
            if tall:
              x0 = torch.transpose(x, 0, 1)
            else:
              x0 = x
            x1 = x0
            for _1 in range(5):
              a = torch.mm(x1, torch.transpose(x1, 0, 1))
              b = torch.add(torch.mul(a, -4.775), torch.mm(a, a), alpha=2.0315)
              x1 = torch.add(torch.mul(x1, 3.4445), torch.mm(b, x1))
            if tall:
              x2 = torch.transpose(x1, 0, 1)
            else:
              x2 = x1
            ratio = torch.div(torch.size(u, 0), torch.size(u, 1))
            scale = torch.pow(ops.prim.max(1., ratio), 0.5)
            kept = torch.mul_(parameters[i], torch.sub(1., torch.mul(rate, decay)))
            _2 = torch.add_(kept, x2, alpha=torch.mul(torch.neg(rate), scale))
          return divisor
      """;

  private final NDManager manager;
  private final PtSymbolBlock module;
  private final Map<String, NDArray> names = new HashMap<>();

  /** Loads the functions into libtorch. */
  public TorchScript(NDManager manager) {
    this.manager = manager;
    try {
      module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive()), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException("Loading TorchScript functions into libtorch failed.", e);
    }
  }

  /** Calls a function of tensors in inference mode; the result belongs to the first's manager. */
  NDArray call(String function, NDArray... tensors) {
    IValue[] values = new IValue[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      values[i] = IValue.from((PtNDArray) tensors[i]);
    }
    return call(function, tensors[0], values);
  }

  /** Calls a function of tensors on the gradient path. */
  NDArray differentiable(String function, NDArray... tensors) {
    NDList inputs = new NDList(tensors);
    inputs.add(names.computeIfAbsent(function, this::name));
    return IValueUtils.forward(module, inputs, true).singletonOrThrow();
  }

  /** DJL takes the function's name from a tensor that carries it as its own name. */
  private NDArray name(String function) {
    NDArray name = manager.create(0f);
    name.setName("module_method:" + function);
    NDScope.unregister(name);
    return name;
  }

  /**
   * Mean cross-entropy with label smoothing, differentiable.
   *
   * @param logits [M, V]
   * @param targets [M], int64; rows with -100 do not count
   * @param smoothing scalar: the share of the probability that is spread over all classes
   */
  public NDArray crossEntropy(NDArray logits, NDArray targets, NDArray smoothing) {
    return differentiable("cross_entropy", logits, targets, smoothing);
  }

  /** Euclidean norm of all elements of all tensors, a scalar. */
  public NDArray norm(List<NDArray> tensors) {
    return call("norm", tensors.get(0), list(tensors));
  }

  /**
   * One AdamW step, in place (Loshchilov and Hutter 2019), in one pass over each array.
   *
   * @param steps one scalar an array: the number of this step, from 1
   * @param divisor scalar that divides every gradient first, to clip them
   */
  public void adamw(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> means,
      List<NDArray> variances,
      List<NDArray> steps,
      NDArray divisor,
      AdamwSettings settings) {
    call(
        "adamw",
        divisor,
        list(parameters),
        list(gradients),
        list(means),
        list(variances),
        list(steps),
        IValue.from((PtNDArray) divisor),
        IValue.from(settings.rate()),
        IValue.from(settings.decay()),
        IValue.from(settings.beta1()),
        IValue.from(settings.beta2()),
        IValue.from(settings.epsilon()));
  }

  /**
   * One Muon step, in place: momentum whose matrix is made orthogonal by five Newton-Schulz
   * iterations, with the coefficients of its authors (Jordan et al. 2024).
   *
   * @param parameters matrices
   * @param divisor scalar that divides every gradient first, to clip them
   * @param rate spectral size of the step of a square matrix
   * @param decay weight decay, times the rate
   * @param momentum of the Nesterov kind
   */
  public void muon(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> momenta,
      NDArray divisor,
      double rate,
      double decay,
      double momentum) {
    call(
        "muon",
        divisor,
        list(parameters),
        list(gradients),
        list(momenta),
        IValue.from((PtNDArray) divisor),
        IValue.from(rate),
        IValue.from(decay),
        IValue.from(momentum));
  }

  /** Rate and decay of one step, and AdamW's constants. */
  public record AdamwSettings(
      double rate, double decay, double beta1, double beta2, double epsilon) {}

  private static IValue list(List<NDArray> tensors) {
    return IValue.listFrom(tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
  }

  @Override
  public void close() {
    module.close();
  }

  private NDArray call(String function, NDArray first, IValue... values) {
    try (IValue result = IValueUtils.runMethod(module, function, values)) {
      return result.toTensor((PtNDManager) first.getManager());
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      add(zip, "blipstream/data.pkl", instance());
      add(zip, "blipstream/code/__torch__.py", SOURCE.getBytes(StandardCharsets.UTF_8));
      // Pickle protocol 2: an empty tuple.
      add(zip, "blipstream/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      add(zip, "blipstream/version", VERSION.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Pickle protocol 2: an object of the module's class with its one attribute, training=False. */
  private static byte[] instance() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write("c__torch__\nFunctions\n".getBytes(StandardCharsets.UTF_8));
    pickle.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.write("training".getBytes(StandardCharsets.UTF_8));
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
