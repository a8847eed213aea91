"""What follows from the architecture of a language model: parameters, and bytes of cache for each token.

Pure functions on `Architecture`, whose fields have the names that the values in `catalog/models` have. The numbers in
those files are held against these functions by the check `architectures`.

Parts of a model, each a count of weights (h hidden size, n query heads, g KV heads, d head size, f width of a
feed-forward block, v vocabulary):
    input table, output head   v x h each; one table that serves as both where embeddings are tied
    attention                  h x n x d (queries; twice with an output gate) + 2 x h x g x d (keys, values)
                               + n x d x h (output); only h x g x d where keys serve as values
    latent attention (MLA)     queries h x q + q x n x (nope + rope), or h x n x (nope + rope) without a query rank q;
                               h x (rank + rope) + rank x n x (nope + value) + n x value x h
    gated delta net (linear)   h x (2 x keys + 3 x values + 2 x value heads) + kernel x (2 x keys + values);
                               keys, values: heads x head size
    feed-forward block         3 x h x f (gate, up, down); a routed expert may have biases: 2 x f + h
    router                     h x experts
    norms                      2 x h a layer, h at the end
Left out, as less than 0.02 % in every model here: norms inside of attention, biases of attention, gates of shared
experts, and the second pair of norms of a layer (Gemma).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

BYTES_OF_A_CACHED_NUMBER = 2
"""The cache is stated at 16 bits."""
BYTES_OF_A_STATE_NUMBER = 4
"""llama.cpp keeps the state of linear layers at 32 bits."""
MICROBATCH_TOKENS = 512
"""The tokens that llama.cpp works on at once unless told otherwise."""


@dataclass(frozen=True)
class Architecture:
    """The numbers of a model's configuration; what a model does not have is 0."""

    layers: int
    hidden_size: int
    query_heads: int
    kv_heads: int
    head_dim: int
    vocabulary_size: int
    tied_embeddings: int = 0
    """1: the input table is the output head."""
    ffn_size: int = 0
    """Width of the feed-forward block in layers without experts."""
    experts: int = 0
    experts_per_token: int = 0
    expert_ffn_size: int = 0
    shared_experts: int = 0
    """Experts of a layer that every token passes."""
    shared_ffn_size: int = 0
    """Width of a shared expert; 0: that of a routed one."""
    dense_layers: int = 0
    """Layers without experts, in a model that has experts."""
    expert_bias: int = 0
    """1: the projections of the experts have biases."""
    gated_attention: int = 0
    """1: a gate as wide as the queries is applied to the output of attention."""
    kv_lora_rank: int = 0
    """Above 0: multi-head latent attention."""
    rope_head_dim: int = 0
    q_lora_rank: int = 0
    qk_nope_head_dim: int = 0
    v_head_dim: int = 0
    window_layers: int = 0
    """Layers that look at no more than the window."""
    window_tokens: int = 0
    global_kv_heads: int = 0
    """KV heads of the layers without a window, where they differ from the others."""
    global_head_dim: int = 0
    keys_are_values: int = 0
    """1: layers without a window have one projection for keys and values. The cache keeps both all the same: keys are
    rotated, values are not."""
    linear_layers: int = 0
    """Layers with a state of fixed size in place of a cache."""
    linear_key_heads: int = 0
    linear_value_heads: int = 0
    linear_head_dim: int = 0
    conv_kernel: int = 0


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Architecture))
REQUIRED: tuple[str, ...] = NAMES[:6]


def of(values: Mapping[str, int]) -> Architecture:
    """The architecture that values of these names describe; other names are ignored."""
    return Architecture(**{name: values[name] for name in NAMES if name in values})


def embedding_params(model: Architecture) -> int:
    """vocabulary x hidden size; 0 where the output head is the same table."""
    return 0 if model.tied_embeddings else model.vocabulary_size * model.hidden_size


def head_params(model: Architecture) -> int:
    """vocabulary x hidden size"""
    return model.vocabulary_size * model.hidden_size


def _attention(model: Architecture, kv_heads: int, head_dim: int, keys_are_values: int) -> int:
    queries = model.query_heads * head_dim
    projections = (2 if model.gated_attention else 1) * queries + (1 if keys_are_values else 2) * kv_heads * head_dim
    return model.hidden_size * (projections + queries)


def _latent_attention(model: Architecture) -> int:
    heads, rank, rope = model.query_heads, model.kv_lora_rank, model.rope_head_dim
    query_width = heads * (model.qk_nope_head_dim + rope)
    if model.q_lora_rank:
        queries = (model.hidden_size + query_width) * model.q_lora_rank
    else:
        queries = model.hidden_size * query_width
    keys_values = model.hidden_size * (rank + rope) + rank * heads * (model.qk_nope_head_dim + model.v_head_dim)
    return queries + keys_values + heads * model.v_head_dim * model.hidden_size


def _linear_attention(model: Architecture) -> int:
    keys, values = model.linear_key_heads * model.linear_head_dim, model.linear_value_heads * model.linear_head_dim
    projections = 2 * keys + 2 * values + 2 * model.linear_value_heads
    return model.hidden_size * (projections + values) + model.conv_kernel * (2 * keys + values)


def attention_params(model: Architecture) -> int:
    """All layers: those with a window or without, with latent attention, and the linear ones."""
    others = model.layers - model.linear_layers
    if model.kv_lora_rank:
        return others * _latent_attention(model)
    full = others - (model.window_layers if model.global_head_dim else 0)
    kv_heads, head_dim = model.global_kv_heads or model.kv_heads, model.global_head_dim or model.head_dim
    return (
        full * _attention(model, kv_heads, head_dim, model.keys_are_values)
        + (others - full) * _attention(model, model.kv_heads, model.head_dim, 0)
        + model.linear_layers * _linear_attention(model)
    )


def expert_params(model: Architecture) -> int:
    """One routed expert of one layer: 3 x hidden size x width, and its biases where it has them."""
    biases = 2 * model.expert_ffn_size + model.hidden_size if model.expert_bias else 0
    return 3 * model.hidden_size * model.expert_ffn_size + biases


def expert_layers(model: Architecture) -> int:
    return model.layers - model.dense_layers if model.experts else 0


def routed_params(model: Architecture) -> int:
    """All routed experts: layers with experts x experts x one expert."""
    return expert_layers(model) * model.experts * expert_params(model)


def common_params(model: Architecture) -> int:
    """What every token passes, without the input table and the output head: attention, feed-forward blocks, shared
    experts, routers, norms."""
    with_experts = expert_layers(model)
    shared = model.shared_experts * (model.shared_ffn_size or model.expert_ffn_size)
    return (
        attention_params(model)
        + (model.layers - with_experts) * 3 * model.hidden_size * model.ffn_size
        + with_experts * model.hidden_size * (3 * shared + model.experts)
        + (2 * model.layers + 1) * model.hidden_size
    )


def total_params(model: Architecture) -> int:
    """input table (if separate) + output head + what every token passes + all routed experts"""
    return embedding_params(model) + head_params(model) + common_params(model) + routed_params(model)


def active_params(model: Architecture) -> int:
    """input table (if separate) + output head + what every token passes + experts of one token.

    Table and head are counted whole and once each; makers of models often leave the table out.
    """
    chosen = expert_layers(model) * model.experts_per_token * expert_params(model)
    return embedding_params(model) + head_params(model) + common_params(model) + chosen


def kv_bytes_per_token(model: Architecture) -> int:
    """What the cache grows by with each token.

    2 bytes x 2 (key and value) x KV heads x head size x layers without a window; for MLA 2 bytes x (rank + rope) x
    layers, because one vector serves all heads.
    """
    full = model.layers - model.window_layers - model.linear_layers
    if model.kv_lora_rank:
        return BYTES_OF_A_CACHED_NUMBER * (model.kv_lora_rank + model.rope_head_dim) * full
    kv_heads, head_dim = model.global_kv_heads or model.kv_heads, model.global_head_dim or model.head_dim
    return BYTES_OF_A_CACHED_NUMBER * 2 * kv_heads * head_dim * full


def plain_kv_bytes_per_token(model: Architecture) -> int:
    """What a calculator gets from KV heads, head size and layers alone; right unless heads differ between layers."""
    full = model.layers - model.window_layers - model.linear_layers
    return BYTES_OF_A_CACHED_NUMBER * 2 * model.kv_heads * model.head_dim * full


def window_kv_bytes_per_token(model: Architecture) -> int:
    """The same for the layers with a window, which keep no more tokens than that."""
    return BYTES_OF_A_CACHED_NUMBER * 2 * model.kv_heads * model.head_dim * model.window_layers


def total_kv_bytes_per_token(model: Architecture) -> int:
    """The cache for each token if no layer had a window."""
    return kv_bytes_per_token(model) + window_kv_bytes_per_token(model)


def unpacked_kv_bytes_per_token(model: Architecture) -> int:
    """MLA in a program that keeps the keys and values of every head:
    2 bytes x layers x heads x (nope + rope + value)"""
    width = model.qk_nope_head_dim + model.rope_head_dim + model.v_head_dim
    return BYTES_OF_A_CACHED_NUMBER * model.layers * model.query_heads * width


def state_bytes(model: Architecture) -> int:
    """The fixed state of one request: 4 bytes x linear layers x (value heads x head size^2 + (kernel - 1) x
    (2 x key heads + value heads) x head size)"""
    memory = model.linear_value_heads * model.linear_head_dim**2
    convolution = (model.conv_kernel - 1) * (2 * model.linear_key_heads + model.linear_value_heads)
    return BYTES_OF_A_STATE_NUMBER * model.linear_layers * (memory + convolution * model.linear_head_dim)


def scratch_bytes_per_token(model: Architecture) -> int:
    """Attention scores before and after the softmax for one micro-batch, and its mask, at 32 bits:
    4 bytes x 512 x (2 x query heads + 1)"""
    return 4 * MICROBATCH_TOKENS * (2 * model.query_heads + 1)
