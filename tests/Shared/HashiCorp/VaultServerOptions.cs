namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Whose answers are imitated, where they differ.</summary>
public enum VaultDialect
{
    /// <summary>HashiCorp Vault 1.8, the last under its old licence that recordings exist of.</summary>
    Vault18,

    OpenBao26,
}

public sealed class VaultServerOptions
{
    public VaultDialect Dialect { get; set; }

    /// <summary>Ages tokens and versions. Default: the system's.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Storage on raft: not initialised at first, elects a leader after unsealing, holds values up to 1 MiB. Default: a development server with the token "root".</summary>
    public bool Raft { get; set; }

    /// <summary>How far standbys that answer reads are behind. Default: none does.</summary>
    public VaultReadLag? ReadLag { get; set; }

    /// <summary>0 takes a free one; a number is for a server that comes back where it was.</summary>
    public int Port { get; set; }
}

/// <param name="Least">Nobody but the operator reads anything younger.</param>
/// <param name="Most">Everybody reads what is older.</param>
public sealed record VaultReadLag(TimeSpan Least, TimeSpan Most);
